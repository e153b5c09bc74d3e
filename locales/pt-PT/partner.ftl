### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Sobre os contactos que guardamos da sua organização
partner-reached = Quem entrou pôde ler e copiar os contactos que a sua organização publicou: nome, morada, telefone e correio eletrónico.
partner-warn = Por favor, avise as pessoas que ajuda de que podem chegar mensagens falsas em nosso nome.
