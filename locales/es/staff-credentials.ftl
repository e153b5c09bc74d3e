### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Se llevaron su nombre de usuario y su contraseña de nuestros sistemas.
staff-reset = Elija una contraseña nueva en todos los lugares donde usaba la misma.
staff-watch = Busque en sus propias cuentas cualquier cosa que usted no haya hecho.
staff-security = Cuando llame, pregunte por nuestro contacto de seguridad.
