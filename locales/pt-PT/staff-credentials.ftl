### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = O seu nome de utilizador e a sua palavra-passe dos nossos sistemas foram levados.
staff-reset = Escolha uma palavra-passe nova em todos os lugares onde usava a mesma.
staff-watch = Procure nas suas próprias contas alguma coisa que não tenha feito.
staff-security = Quando ligar, peça para falar com o nosso contacto de segurança.
