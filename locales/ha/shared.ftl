### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = Hausa
who = Wannan saƙo daga { $org } ne, zuwa ga mutanen da muke riƙe da bayanansu.
subject = Game da bayanan da muke riƙe da su game da kai
happened-heading = Abin da ya faru
happened = A { $started } wasu mutane daga waje sun shiga kwamfutocin da ke ɗauke da bayananmu, kuma mun gano hakan a { $discovered }.
disconnected = A { $ended } mun cire waɗannan kwamfutoci daga hanyar sadarwa.
reached = Mutanen da suka shiga sun iya karanta bayananka da kwafe su.
published = An bayyana wani ɓangare na bayanan a fili.
data-heading = Waɗanne bayanai
data-confirmed = Bayanan da aka ɗauka sun haɗa da:
data-possible = Mai yiwuwa sun haɗa har da:
data-kind =
    { $kind ->
        [name] sunaye
        [birth] ranaku da wuraren haihuwa, da jinsi
        [contact] lambobin waya, adiresoshin imel da adiresoshin gida
        [family] dangantakar da ke tsakanin mutanen iyali
        [case] abin da mutane suka gaya mana da abin da muka rubuta a kai
        [documents] kwafin takardu
        [credentials] sunayen shiga da kalmomin sirri
       *[other] sauran bayanai
    }
consequences-heading = Abin da wannan zai iya nufi
consequences = Wani zai iya amfani da waɗannan bayanai ya yi kamar mu ne, ya nemi kuɗi, ko ya ƙara sanin abubuwa game da mutane.
measures-heading = Abin da muka yi
measure =
    { $kind ->
        [offline] Mun cire kwamfutocin daga hanyar sadarwa.
        [rebuilt] Mun mayar da aikinmu zuwa sababbin kwamfutoci masu kariya mafi kyau.
        [passwords_reset] Mun canza dukkan kalmomin sirri.
        [authorities_told] Mun sanar da ofisoshin da ke kula da kare bayanan mutane.
        [monitoring] Ƙwararru suna neman kwafin bayanan.
       *[other] Muna aiki don rage illar.
    }
do-heading = Abin da za ka iya yi
do-pay = Kada ka biya duk wanda ya nemi kuɗi da sunanmu, domin ayyukanmu kyauta ne kuma suna ci gaba.
do-share = Kada ka ba da bayananka ga duk wanda ya tuntuɓe ka game da wannan, domin saƙon zai iya zama na ƙarya.
do-tell = Ka gaya mana idan wani ya tuntuɓe ka game da wannan ko kuma ba ka jin tsaro, domin mu taimake ka.
contact-heading = Yadda za ka same mu
call = Za ka iya kiran mu a { $hotline }, daga { $opens } zuwa { $closes }.
call-offices = Za ka iya kiran mu daga { $opens } zuwa { $closes } a lambar da aka nuna a ofisoshinmu.
call-free = Kiran kyauta ne.
call-languages = Muna magana da { $languages }.
contact-visit = Za ka iya tambayar mu game da wannan idan muka sake ziyartar ka.
check = Domin tabbatar da cewa wannan gaskiya ne, ka kira lambar da aka nuna a ofisoshinmu ka faɗi lambar sirri { $reference }.
never-ask = Ba ma taɓa neman kuɗi, kalmar sirri ko bayanan kai, kuma ba ma taɓa aika hanyoyin shiga yanar gizo.
again = Idan akwai wani sabon abu, za mu sake tuntuɓar ka.
sorry = Muna baƙin ciki da abin da ya faru, kuma ba laifinka ba ne.
rights = Za ka iya tambayar mu waɗanne bayanai muke riƙe da su game da kai, kuma ka nemi mu gyara su ko mu goge su.
authority = Domin tambayoyi da koke game da kare bayanai, za ka iya tuntuɓar { $dpo }.
version = Wannan ita ce sanarwa { $version } ta { $asof }, lamba { $reference }.
add-enquirer-data = Mai yiwuwa bayanan da ka ba mu game da danginka suna ciki.
add-enquirer-news = Wannan ba labari ba ne game da danginka.
add-enquirer-beware = Ka yi hattara da mutanen da ke son sayar maka da labarin danginka.
add-authorities = Ba mu ba wata hukuma bayananka ba.
add-released = Mai yiwuwa takardun shaida da kwafin takardun da ka samu daga gare mu suna ciki.
add-guardian = Wannan game da bayanan iyalinka ne da muke riƙe da su.
short-reached = { $org }: wasu daga waje sun shiga kwamfutocinmu sun samu bayananka.
short-enquirer = Watakila abin da ka gaya mana game da dangi yana ciki; wannan ba labarinsu ba ne; kada ka sayi labari.
short-released = Watakila takardun da ka samu daga gare mu suna ciki.
short-beware = Saƙonnin ƙarya da sunanmu na iya zuwa.
short-call = Ka kira mu a { $hotline } daga { $opens } zuwa { $closes }.
short-call-offices = Ka kira lambar ofisoshinmu daga { $opens } zuwa { $closes }.
short-code = Lambarka: { $reference }
