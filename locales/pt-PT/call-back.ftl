### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Uma mensagem para si
neutral-from = Mensagem de { $name }.
neutral-hello = Bom dia, esta é uma mensagem para si.
neutral-call = Por favor, ligue para { $hotline }.
neutral-call-offices = Por favor, ligue para o número afixado no nosso escritório.
neutral-never = Nunca pedimos dinheiro nem senhas.
neutral-code = Ao ligar, diga { $reference }.
voice-open = Bom dia, prima { $key } quando puder ouvir sem que outros escutem.
voice-again = Para ouvir de novo, prima { $key }.
team-when = Pergunte de que forma e a que horas a pessoa pode falar em segurança.
third-party = Olá, volto a ligar mais tarde, até breve.
