### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Uma mensagem para você
neutral-from = Mensagem de { $name }.
neutral-hello = Bom dia, esta é uma mensagem para você.
neutral-call = Por favor, ligue para { $hotline }.
neutral-call-offices = Por favor, ligue para o número afixado no nosso escritório.
neutral-never = Nunca pedimos dinheiro nem senhas.
neutral-code = Ao ligar, diga { $reference }.
voice-open = Bom dia, tecle { $key } quando puder ouvir sem que outros escutem.
voice-again = Para ouvir de novo, tecle { $key }.
team-when = Pergunte de que forma e a que horas a pessoa pode falar em segurança.
third-party = Olá, vou ligar de novo mais tarde, até logo.
