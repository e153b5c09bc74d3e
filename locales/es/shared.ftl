### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = español
who = Este mensaje es de { $org }, para las personas cuyos datos guardamos.
subject = Sobre los datos que guardamos de usted
happened-heading = Qué ha pasado
happened = El { $started } personas ajenas entraron en ordenadores que contienen nuestros datos, y lo descubrimos el { $discovered }.
disconnected = El { $ended } desconectamos esos ordenadores.
reached = Quienes entraron pudieron leer y copiar datos sobre usted.
published = Una parte de los datos ha sido difundida.
data-heading = Qué datos
data-confirmed = Los datos que se llevaron incluyen:
data-possible = También pueden incluir:
data-kind =
    { $kind ->
        [name] nombres
        [birth] fechas y lugares de nacimiento, y sexo
        [contact] números de teléfono, direcciones de correo electrónico y domicilios
        [family] qué parentesco hay entre las personas de una familia
        [case] lo que las personas nos contaron y lo que anotamos sobre ello
        [documents] copias de documentos
        [credentials] nombres de usuario y contraseñas
       *[other] otros datos
    }
consequences-heading = Qué puede significar
consequences = Alguien puede usar estos datos para hacerse pasar por nosotros, para pedir dinero o para averiguar más sobre las personas.
measures-heading = Qué hemos hecho
measure =
    { $kind ->
        [offline] Sacamos los ordenadores de la red.
        [rebuilt] Pasamos nuestro trabajo a ordenadores nuevos y mejor protegidos.
        [passwords_reset] Cambiamos todas las contraseñas.
        [authorities_told] Avisamos a las oficinas que velan por la protección de los datos personales.
        [monitoring] Especialistas están buscando copias de los datos.
       *[other] Trabajamos para limitar el daño.
    }
do-heading = Qué puede hacer usted
do-pay = No pague a nadie que pida dinero en nuestro nombre, porque nuestros servicios son gratuitos y continúan.
do-share = No dé datos personales a nadie que le contacte por esto, porque el mensaje puede ser falso.
do-tell = Díganos si alguien le contacta por esto o si no se siente a salvo, para que podamos ayudarle.
contact-heading = Cómo contactarnos
call = Puede llamarnos al { $hotline }, de { $opens } a { $closes }.
call-offices = Puede llamarnos de { $opens } a { $closes } al número que está a la vista en nuestras oficinas.
call-free = La llamada es gratis.
call-languages = Hablamos { $languages }.
contact-visit = Puede preguntarnos sobre esto cuando volvamos a visitarle.
check = Para comprobar que esto es verdadero, llame al número que está a la vista en nuestras oficinas y diga el código { $reference }.
never-ask = Nunca pedimos dinero, contraseñas ni datos personales, y nunca enviamos enlaces.
again = Si hay novedades, volveremos a contactarle.
sorry = Lamentamos lo ocurrido, y no es culpa suya.
rights = Puede preguntarnos qué datos guardamos de usted, y puede pedirnos que los corrijamos o los borremos.
authority = Para preguntas y quejas sobre la protección de datos, puede dirigirse a: { $dpo }.
version = Este es el aviso { $version } del { $asof }, código { $reference }.
add-enquirer-data = Los datos que usted nos dio sobre sus familiares pueden estar incluidos.
add-enquirer-news = Esto no es una noticia sobre sus familiares.
add-enquirer-beware = Desconfíe de quien le ofrezca vender noticias sobre sus familiares.
add-authorities = No dimos sus datos a ninguna autoridad.
add-released = Los certificados y las copias de documentos que usted recibió de nosotros pueden estar incluidos.
add-guardian = Se trata de los datos que guardamos sobre su familia.
short-reached = { $org }: personas ajenas entraron en nuestros ordenadores y accedieron a datos de usted.
short-enquirer = Lo que nos dijo de sus familiares puede estar incluido; no son noticias de ellos; no compre noticias a nadie.
short-released = Documentos que usted obtuvo de nosotros pueden estar incluidos.
short-beware = Pueden llegar mensajes falsos en nuestro nombre.
short-call = Llame al { $hotline } de { $opens } a { $closes }.
short-call-offices = Llame de { $opens } a { $closes } al número de nuestras oficinas.
short-code = Al llamar, diga: { $reference }
