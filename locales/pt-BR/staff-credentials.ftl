### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = O seu nome de usuário e a sua senha dos nossos sistemas foram levados.
staff-reset = Escolha uma senha nova em todos os lugares onde você usava a mesma.
staff-watch = Procure nas suas próprias contas alguma coisa que você não tenha feito.
staff-security = Quando ligar, peça para falar com o nosso contato de segurança.
