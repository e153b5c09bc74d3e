### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = isiNdebele
who = Umlayezo lo uvela ku-{ $org }, uya ebantwini esigcina ulwazi lwabo.
subject = Mayelana lolwazi lwakho esilugcinayo
happened-heading = Okwenzakeleyo
happened = Ngo-{ $started } abantu bangaphandle bangena kumakhompyutha alolwazi lwethu, sakubona lokhu ngo-{ $discovered }.
disconnected = Ngo-{ $ended } sawakhipha amakhompyutha la kunethiwekhi.
reached = Abantu abangenayo benelisile ukubala lokukopa ulwazi lwakho.
published = Ingxenye yolwazi olwathathwayo isikhutshelwe obala.
data-heading = Luphi ulwazi
data-confirmed = Ulwazi olwathathwayo lugoqela:
data-possible = Lungagoqela njalo:
data-kind =
    { $kind ->
        [name] amabizo
        [birth] insuku lendawo zokuzalwa, lobulili
        [contact] inombolo zocingo, amakheli e-imeyili lamakheli emizi
        [family] ubudlelwano phakathi kwabantu bemuli
        [case] abantu abasitshele khona lalokho esikubhalileyo ngakho
        [documents] amakhophi ezincwadi
        [credentials] amabizo okungena lamaphasiwedi
       *[other] olunye ulwazi
    }
consequences-heading = Okungatshiwo yilokhu
consequences = Umuntu angasebenzisa ulwazi lolu ukuze azenze thina, acele imali, kumbe azi okunengi ngabantu.
measures-heading = Esikwenzileyo
measure =
    { $kind ->
        [offline] Sakhipha amakhompyutha kunethiwekhi.
        [rebuilt] Sathuthela umsebenzi wethu kumakhompyutha amatsha avikeleke ngcono.
        [passwords_reset] Santshintsha wonke amaphasiwedi.
        [authorities_told] Sazisa amahofisi akhangele ukuvikelwa kolwazi lwabantu.
        [monitoring] Izingcitshi zidinga amakhophi olwazi.
       *[other] Siyasebenza ukuze sinciphise umonakalo.
    }
do-heading = Ongakwenza
do-pay = Ungabhadali umuntu ocela imali ngebizo lethu, ngoba imisebenzi yethu ingeyamahala njalo iyaqhubeka.
do-share = Ungaphi ulwazi lwakho umuntu okuthintayo ngalokhu, ngoba umlayezo ungaba ngamanga.
do-tell = Sitshele nxa umuntu ekuthinta ngalokhu kumbe nxa uzizwa ungavikelekanga, ukuze sikuncede.
contact-heading = Indlela yokusithinta
call = Ungasifonela ku-{ $hotline }, kusukela ngo-{ $opens } kusiya ku-{ $closes }.
call-offices = Ungasifonela kusukela ngo-{ $opens } kusiya ku-{ $closes } enombolweni etshengiswe emahofisini ethu.
call-free = Ukufona kumahala.
call-languages = Sikhuluma { $languages }.
contact-visit = Ungasibuza ngalokhu nxa sikuvakatshela futhi.
check = Ukuze ubone ukuthi lokhu kuliqiniso, fonela inombolo etshengiswe emahofisini ethu utsho ikhodi { $reference }.
never-ask = Kasiceli imali, amaphasiwedi kumbe ulwazi lwakho, njalo kasithumeli amalinki.
again = Nxa kulokutsha, sizakuthinta futhi.
sorry = Siyadabuka ngokwenzakeleyo, njalo akusilo cala lakho.
rights = Ungasibuza ukuthi siluphi ulwazi lwakho esilugcinayo, njalo ungasicela ukuthi silulungise kumbe silucitshe.
authority = Ngemibuzo lezikhalazo mayelana lokuvikelwa kolwazi, ungaya ku-{ $dpo }.
version = Lesi yisaziso { $version } sango-{ $asof }, ikhodi { $reference }.
add-enquirer-data = Ulwazi owasipha lona ngezihlobo zakho lungabe lukhona phakathi.
add-enquirer-news = Lokhu akusizo indaba ngezihlobo zakho.
add-enquirer-beware = Nanzelela abantu abafuna ukukuthengisela indaba zezihlobo zakho.
add-authorities = Kasizange siphe ulwazi lwakho loba yibaphi abaphathi bakahulumende.
add-released = Izitifiketi lamakhophi ezincwadi owazamukela kithi kungabe kukhona phakathi.
add-guardian = Lokhu kumayelana lolwazi lwemuli yakho esilugcinayo.
short-reached = { $org }: abantu bangaphandle bangena kumakhompyutha ethu bathola ulwazi lwakho.
short-enquirer = Owasitshela khona ngezihlobo kungabe kukhona; lokhu akusizo indaba zazo; ungathengi indaba emuntwini.
short-released = Izincwadi owazamukela kithi zingabe zikhona.
short-beware = Imilayezo yamanga ngebizo lethu ingafika.
short-call = Sifonele ku-{ $hotline } kusukela { $opens } kusiya { $closes }.
short-call-offices = Fona kusukela { $opens } kusiya { $closes } enombolweni yamahofisi ethu.
short-code = Ikhodi yakho: { $reference }
date = { $day } { $month ->
        [m1] Zibandlela
        [m2] Nhlolanja
        [m3] Mbimbitho
        [m4] Mabasa
        [m5] Nkwenkwezi
        [m6] Nhlangula
        [m7] Ntulikazi
        [m8] Ncwabakazi
        [m9] Mpandula
        [m10] Mfumfu
        [m11] Lwezi
       *[m12] Mpalakazi
    } { $year }
