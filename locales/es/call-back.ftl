### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Un mensaje para usted
neutral-from = Mensaje de { $name }.
neutral-hello = Buenos días, este es un mensaje para usted.
neutral-call = Por favor, llámenos al { $hotline }.
neutral-call-offices = Por favor, llámenos al número que está a la vista en nuestra oficina.
neutral-never = Nunca pedimos dinero ni claves.
neutral-code = Al llamar, diga { $reference }.
voice-open = Buenos días, pulse { $key } cuando pueda escuchar sin que otros oigan.
voice-again = Para oír esto de nuevo, pulse { $key }.
team-when = Pregunte de qué manera y a qué hora la persona puede hablar sin peligro.
third-party = Hola, llamaré de nuevo más tarde, gracias.
