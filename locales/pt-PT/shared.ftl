### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = português (Portugal)
who = Esta mensagem é de { $org }, para as pessoas de quem guardamos informações.
subject = Sobre as informações que guardamos sobre si
happened-heading = O que aconteceu
happened = Em { $started }, pessoas de fora entraram em computadores que contêm as nossas informações, e descobrimo-lo em { $discovered }.
disconnected = Em { $ended }, desligámos esses computadores da rede.
reached = Quem entrou pôde ler e copiar informações sobre si.
published = Uma parte dos dados foi divulgada.
data-heading = Que informações
data-confirmed = As informações levadas incluem:
data-possible = Podem também incluir:
data-kind =
    { $kind ->
        [name] nomes
        [birth] datas e locais de nascimento, e sexo
        [contact] números de telefone, endereços de correio eletrónico e moradas
        [family] o parentesco entre as pessoas de uma família
        [case] o que as pessoas nos contaram e o que anotámos sobre isso
        [documents] cópias de documentos
        [credentials] nomes de utilizador e palavras-passe
       *[other] outras informações
    }
consequences-heading = O que isto pode significar
consequences = Alguém pode usar estas informações para se fazer passar por nós, para pedir dinheiro ou para saber mais sobre as pessoas.
measures-heading = O que fizemos
measure =
    { $kind ->
        [offline] Retirámos os computadores da rede.
        [rebuilt] Passámos o nosso trabalho para computadores novos e mais protegidos.
        [passwords_reset] Mudámos todas as palavras-passe.
        [authorities_told] Avisámos os serviços que zelam pela proteção dos dados pessoais.
        [monitoring] Especialistas estão à procura de cópias das informações.
       *[other] Estamos a trabalhar para limitar os danos.
    }
do-heading = O que pode fazer
do-pay = Não pague a ninguém que peça dinheiro em nosso nome, porque os nossos serviços são gratuitos e continuam.
do-share = Não dê dados pessoais a ninguém que o contacte sobre isto, porque a mensagem pode ser falsa.
do-tell = Diga-nos se alguém o contactar sobre isto ou se não se sentir em segurança, para que possamos ajudar.
contact-heading = Como nos contactar
call = Pode ligar-nos para { $hotline }, das { $opens } às { $closes }.
call-offices = Pode ligar-nos das { $opens } às { $closes } para o número afixado nos nossos escritórios.
call-free = A chamada é grátis.
call-languages = Falamos { $languages }.
contact-visit = Pode fazer-nos perguntas sobre isto quando o visitarmos de novo.
check = Para verificar que isto é verdadeiro, ligue para o número afixado nos nossos escritórios e diga o código { $reference }.
never-ask = Nunca pedimos dinheiro, palavras-passe ou dados pessoais, e nunca enviamos ligações para clicar.
again = Se houver novidades, voltaremos a contactá-lo.
sorry = Lamentamos o que aconteceu, e a culpa não é sua.
rights = Pode perguntar-nos que informações guardamos sobre si, e pode pedir-nos que as corrijamos ou apaguemos.
authority = Para perguntas e queixas sobre a proteção de dados, pode dirigir-se a: { $dpo }.
version = Este é o aviso { $version } de { $asof }, código { $reference }.
add-enquirer-data = As informações que nos deu sobre os seus familiares podem estar incluídas.
add-enquirer-news = Isto não são notícias sobre os seus familiares.
add-enquirer-beware = Desconfie de quem lhe queira vender notícias sobre os seus familiares.
add-authorities = Não demos os seus dados a nenhuma autoridade.
add-released = Certificados e cópias de documentos que recebeu de nós podem estar incluídos.
add-guardian = Trata-se das informações que guardamos sobre a sua família.
short-reached = { $org }: pessoas de fora entraram nos nossos computadores e viram dados sobre si.
short-enquirer = O que nos disse de familiares pode constar; não são notícias deles; não compre notícias.
short-released = Documentos que recebeu de nós podem constar.
short-beware = Podem vir mensagens falsas em nosso nome.
short-call = Ligue { $hotline } das { $opens } às { $closes }.
short-call-offices = Ligue das { $opens } às { $closes } para o número dos nossos escritórios.
short-code = Ao ligar, diga: { $reference }
