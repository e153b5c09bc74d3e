### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Sobre os contatos que guardamos da sua organização
partner-reached = Quem entrou pôde ler e copiar os contatos que a sua organização publicou: nome, endereço, telefone e e-mail.
partner-warn = Por favor, avise as pessoas que você ajuda de que podem chegar mensagens falsas em nosso nome.
