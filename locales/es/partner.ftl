### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Sobre los datos de contacto que guardamos de su organización
partner-reached = Quienes entraron pudieron leer y copiar los datos de contacto que su organización ha publicado: nombre, dirección, teléfono y correo electrónico.
partner-warn = Por favor, avise a las personas a las que ayuda de que pueden llegar mensajes falsos en nuestro nombre.
