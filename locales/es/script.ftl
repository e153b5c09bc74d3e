### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Para el equipo, no leer en voz alta
team-private = Primero asegúrese de que nadie más pueda oír; si no es posible, termine aquí e informe de ello.
team-third = Si responde otra persona, diga solo que volverá a llamar, sin el nombre de la organización.
team-voicemail = Deje un mensaje de voz solo si la tarea lo permite, nunca con el nombre de la organización, y no vuelva a llamar por su cuenta.
team-identity = Asegúrese de hablar con la persona correcta, sin pedir datos personales.
hang-up = Puede terminar esta llamada y llamarnos al número que está a la vista en nuestras oficinas.
team-file = En privado, abra el expediente y diga a la persona cuáles de sus propios datos se llevaron.
team-words = Pida a la persona que diga con sus propias palabras qué pasó y qué puede hacer.
team-distress = Si la persona se altera, haga una pausa, escuche y ofrezca el apoyo indicado en la tarea.
team-paper = No deje ningún papel, salvo que la persona lo pida y sea seguro.
team-report = Anote el resultado en la tarea.
team-child = Use palabras sencillas y pregunte al niño o a la niña quién debería saber esto.
team-survivor = Compruebe primero la seguridad, ofrezca la derivación a un servicio de protección y pida una nueva forma segura de contactar a la persona.
team-detainee = Hable solo en una entrevista privada, nunca a través de guardias, Mensajes de Cruz Roja o el teléfono.
say-heading = Lo que usted dice
child-happened = Unas personas entraron en ordenadores sin permiso y pudieron ver cosas escritas sobre mucha gente, y también sobre ti.
child-fault = No hiciste nada malo.
child-tell = Si alguien te pregunta por esto o te da miedo, díselo a una persona mayor en quien confíes.
child-choose = Puedes preguntarnos lo que quieras y puedes decir quién debería saberlo.
sought-asked = Alguien nos pidió una vez que le buscáramos.
sought-choice = Usted puede elegir no recibir nada de nosotros, y no contamos nada de usted si no está de acuerdo.
