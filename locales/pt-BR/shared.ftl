### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = português (Brasil)
who = Esta mensagem é de { $org }, para as pessoas de quem guardamos informações.
subject = Sobre as informações que guardamos sobre você
happened-heading = O que aconteceu
happened = Em { $started }, pessoas de fora entraram em computadores que contêm as nossas informações, e descobrimos isso em { $discovered }.
disconnected = Em { $ended }, desligamos esses computadores da rede.
reached = Quem entrou pôde ler e copiar informações sobre você.
published = Uma parte dos dados foi divulgada.
data-heading = Que informações
data-confirmed = As informações levadas incluem:
data-possible = Podem também incluir:
data-kind =
    { $kind ->
        [name] nomes
        [birth] datas e locais de nascimento, e sexo
        [contact] números de telefone, endereços de e-mail e endereços residenciais
        [family] o parentesco entre as pessoas de uma família
        [case] o que as pessoas nos contaram e o que anotamos sobre isso
        [documents] cópias de documentos
        [credentials] nomes de usuário e senhas
       *[other] outras informações
    }
consequences-heading = O que isto pode significar
consequences = Alguém pode usar estas informações para se fazer passar por nós, para pedir dinheiro ou para saber mais sobre as pessoas.
measures-heading = O que fizemos
measure =
    { $kind ->
        [offline] Retiramos os computadores da rede.
        [rebuilt] Passamos o nosso trabalho para computadores novos e mais protegidos.
        [passwords_reset] Mudamos todas as senhas.
        [authorities_told] Avisamos os serviços que zelam pela proteção dos dados pessoais.
        [monitoring] Especialistas estão procurando cópias das informações.
       *[other] Estamos trabalhando para limitar os danos.
    }
do-heading = O que você pode fazer
do-pay = Não pague a ninguém que peça dinheiro em nosso nome, porque os nossos serviços são gratuitos e continuam.
do-share = Não dê dados pessoais a ninguém que entre em contato com você sobre isto, porque a mensagem pode ser falsa.
do-tell = Diga-nos se alguém entrar em contato com você sobre isto ou se você não se sentir em segurança, para que possamos ajudar.
contact-heading = Como falar conosco
call = Você pode ligar para { $hotline }, das { $opens } às { $closes }.
call-offices = Você pode ligar das { $opens } às { $closes } para o número afixado nos nossos escritórios.
call-free = A chamada é grátis.
call-languages = Falamos { $languages }.
contact-visit = Você pode nos perguntar sobre isto quando visitarmos você de novo.
check = Para verificar que isto é verdadeiro, ligue para o número afixado nos nossos escritórios e diga o código { $reference }.
never-ask = Nunca pedimos dinheiro, senhas ou dados pessoais, e nunca enviamos links.
again = Se houver novidades, entraremos em contato com você de novo.
sorry = Lamentamos o que aconteceu, e a culpa não é sua.
rights = Você pode nos perguntar que informações guardamos sobre você, e pode nos pedir que corrijamos ou apaguemos essas informações.
authority = Para perguntas e queixas sobre a proteção de dados, você pode procurar: { $dpo }.
version = Este é o aviso { $version } de { $asof }, código { $reference }.
add-enquirer-data = As informações que você nos deu sobre seus familiares podem estar incluídas.
add-enquirer-news = Isto não são notícias sobre os seus familiares.
add-enquirer-beware = Desconfie de quem queira vender a você notícias sobre os seus familiares.
add-authorities = Não demos os seus dados a nenhuma autoridade.
add-released = Certificados e cópias de documentos que você recebeu de nós podem estar incluídos.
add-guardian = Trata-se das informações que guardamos sobre a sua família.
short-reached = { $org }: pessoas de fora entraram em nossos computadores e viram dados seus.
short-enquirer = O que nos disse de familiares pode constar; não são notícias deles; não compre notícias.
short-released = Documentos que recebeu de nós podem constar.
short-beware = Podem vir mensagens falsas em nosso nome.
short-call = Ligue { $hotline } das { $opens } às { $closes }.
short-call-offices = Ligue das { $opens } às { $closes } para o número dos nossos escritórios.
short-code = Ao ligar, diga: { $reference }
