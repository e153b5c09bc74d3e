### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = français
who = Ce message vient de { $org }, pour les personnes dont nous gardons des informations.
subject = Au sujet des informations que nous gardons sur vous
happened-heading = Ce qui s'est passé
happened = Le { $started }, des inconnus sont entrés dans des ordinateurs qui contiennent nos informations, et nous l'avons découvert le { $discovered }.
disconnected = Le { $ended }, nous avons débranché ces ordinateurs.
reached = Ces personnes ont pu lire et copier des informations sur vous.
published = Une partie des informations a été publiée.
data-heading = Quelles informations
data-confirmed = Les informations prises comprennent :
data-possible = Elles peuvent aussi comprendre :
data-kind =
    { $kind ->
        [name] des noms
        [birth] des dates et lieux de naissance, et le sexe
        [contact] des numéros de téléphone, des adresses e-mail et des adresses postales
        [family] les liens de parenté entre les personnes d'une famille
        [case] ce que des personnes nous ont raconté et ce que nous avons noté à ce sujet
        [documents] des copies de documents
        [credentials] des identifiants et des mots de passe
       *[other] d'autres informations
    }
consequences-heading = Ce que cela peut signifier
consequences = Quelqu'un peut utiliser ces informations pour se faire passer pour nous, pour demander de l'argent ou pour en savoir plus sur des personnes.
measures-heading = Ce que nous avons fait
measure =
    { $kind ->
        [offline] Nous avons retiré les ordinateurs du réseau.
        [rebuilt] Nous travaillons maintenant sur de nouveaux ordinateurs mieux protégés.
        [passwords_reset] Nous avons changé tous les mots de passe.
        [authorities_told] Nous avons prévenu les services chargés de la protection des données personnelles.
        [monitoring] Des spécialistes cherchent des copies de ces informations.
       *[other] Nous travaillons à limiter le mal.
    }
do-heading = Ce que vous pouvez faire
do-pay = Ne payez personne qui demande de l'argent en notre nom, car nos services sont gratuits et ils continuent.
do-share = Ne donnez pas de détails personnels à quelqu'un qui vous contacte à ce sujet, car le message peut être faux.
do-tell = Dites-nous si quelqu'un vous contacte à ce sujet ou si vous ne vous sentez pas en sécurité, pour que nous puissions vous aider.
contact-heading = Comment nous joindre
call = Vous pouvez nous appeler au { $hotline }, de { $opens } à { $closes }.
call-offices = Vous pouvez nous appeler de { $opens } à { $closes } au numéro affiché dans nos bureaux.
call-free = L'appel est gratuit.
call-languages = Nous parlons { $languages }.
contact-visit = Vous pourrez nous poser vos questions lors de notre prochaine visite.
check = Pour vérifier que ce message est vrai, appelez le numéro affiché dans nos bureaux et donnez le code { $reference }.
never-ask = Nous ne demandons jamais d'argent, de mot de passe ni de détails personnels, et nous n'envoyons jamais de lien.
again = S'il y a du nouveau, nous vous contacterons de nouveau.
sorry = Nous regrettons ce qui est arrivé, et ce n'est pas votre faute.
rights = Vous pouvez nous demander quelles informations nous gardons sur vous, et nous demander de les corriger ou de les effacer.
authority = Pour vos questions et plaintes sur la protection des données, vous pouvez vous adresser à : { $dpo }.
version = Ceci est l'avis { $version } du { $asof }, code { $reference }.
add-enquirer-data = Les informations que vous nous avez données sur vos proches peuvent en faire partie.
add-enquirer-news = Ceci n'est pas une nouvelle de vos proches.
add-enquirer-beware = Méfiez-vous des personnes qui proposent de vous vendre des nouvelles de vos proches.
add-authorities = Nous n'avons donné vos informations à aucune autorité.
add-released = Les attestations et les copies de documents que vous avez reçues de nous peuvent en faire partie.
add-guardian = Il s'agit des informations que nous gardons sur votre famille.
short-reached = { $org } : des inconnus sont entrés dans nos ordinateurs et ont eu accès à des informations sur vous.
short-enquirer = Ce que vous avez dit de vos proches peut en faire partie ; ce ne sont pas de leurs nouvelles ; n'en achetez pas.
short-released = Des documents que vous avez eus de nous peuvent en faire partie.
short-beware = De faux messages en notre nom peuvent suivre.
short-call = Appelez-nous au { $hotline } de { $opens } à { $closes }.
short-call-offices = Appelez-nous de { $opens } à { $closes } au numéro affiché dans nos bureaux.
short-code = Votre code : { $reference }
