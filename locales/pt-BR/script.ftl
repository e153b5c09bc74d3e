### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Para a equipe, não ler em voz alta
team-private = Primeiro, certifique-se de que mais ninguém pode ouvir; se não for possível, termine aqui e comunique isso.
team-third = Se outra pessoa atender, diga apenas que voltará a ligar, sem o nome da organização.
team-voicemail = Deixe mensagem de voz só se a tarefa permitir, nunca com o nome da organização, e não volte a ligar por sua iniciativa.
team-identity = Certifique-se de que fala com a pessoa certa, sem pedir dados pessoais.
hang-up = Você pode terminar esta chamada e ligar para o número afixado nos nossos escritórios.
team-file = Em privado, abra o processo e diga à pessoa quais das suas próprias informações foram levadas.
team-words = Peça à pessoa que diga pelas suas próprias palavras o que aconteceu e o que pode fazer.
team-distress = Se a pessoa ficar perturbada, faça uma pausa, escute e ofereça o apoio indicado na tarefa.
team-paper = Não deixe papel nenhum, a não ser que a pessoa peça e seja seguro.
team-report = Registre o resultado na tarefa.
team-child = Use palavras simples e pergunte à criança quem deve saber disto.
team-survivor = Verifique primeiro a segurança, ofereça o encaminhamento para um serviço de proteção e peça uma nova forma segura de falar com a pessoa.
team-detainee = Fale só em uma entrevista privada, nunca através de guardas, Mensagens Cruz Vermelha ou telefone.
say-heading = O que você diz
child-happened = Algumas pessoas entraram em computadores sem autorização e puderam ver coisas escritas sobre muita gente, e também sobre você.
child-fault = Você não fez nada de errado.
child-tell = Se alguém perguntar a você sobre isto ou der medo, conte a um adulto em quem você confia.
child-choose = Você pode nos perguntar tudo, e pode dizer quem deve saber.
sought-asked = Alguém nos pediu um dia que procurássemos você.
sought-choice = Você pode escolher não receber nada de nós, e não contamos nada sobre você se você não concordar.
