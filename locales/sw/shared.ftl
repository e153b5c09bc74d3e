### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = Kiswahili
who = Ujumbe huu unatoka kwa { $org }, kwa watu ambao tunahifadhi taarifa zao.
subject = Kuhusu taarifa zako tunazohifadhi
happened-heading = Kilichotokea
happened = Tarehe { $started } watu kutoka nje waliingia kwenye kompyuta zenye taarifa zetu, na tuligundua hilo tarehe { $discovered }.
disconnected = Tarehe { $ended } tulizitenga kompyuta hizo na mtandao.
reached = Watu walioingia waliweza kusoma na kunakili taarifa zako.
published = Sehemu ya taarifa zilizochukuliwa imetangazwa hadharani.
data-heading = Taarifa zipi
data-confirmed = Taarifa zilizochukuliwa ni pamoja na:
data-possible = Huenda pia zikawemo:
data-kind =
    { $kind ->
        [name] majina
        [birth] tarehe na mahali pa kuzaliwa, na jinsia
        [contact] namba za simu, anwani za barua pepe na anwani za nyumbani
        [family] undugu kati ya watu wa familia
        [case] mambo ambayo watu walituambia na tuliyoandika kuyahusu
        [documents] nakala za hati
        [credentials] majina ya kuingilia na manenosiri
       *[other] taarifa nyingine
    }
consequences-heading = Hili linaweza kumaanisha nini
consequences = Mtu anaweza kutumia taarifa hizi kujifanya kuwa sisi, kuomba pesa, au kujua zaidi kuhusu watu.
measures-heading = Tulichofanya
measure =
    { $kind ->
        [offline] Tuliziondoa kompyuta kwenye mtandao.
        [rebuilt] Tulihamishia kazi yetu kwenye kompyuta mpya zenye ulinzi bora zaidi.
        [passwords_reset] Tulibadilisha manenosiri yote.
        [authorities_told] Tulizijulisha ofisi zinazosimamia ulinzi wa taarifa binafsi.
        [monitoring] Wataalamu wanatafuta nakala za taarifa hizo.
       *[other] Tunafanya kazi ili kupunguza madhara.
    }
do-heading = Unachoweza kufanya
do-pay = Usimlipe mtu yeyote anayeomba pesa kwa jina letu, kwa sababu huduma zetu ni bure na zinaendelea.
do-share = Usimpe taarifa binafsi mtu yeyote anayewasiliana nawe kuhusu jambo hili, kwa sababu ujumbe unaweza kuwa wa uongo.
do-tell = Tuambie kama mtu amewasiliana nawe kuhusu jambo hili au kama hujisikii salama, ili tuweze kukusaidia.
contact-heading = Jinsi ya kutufikia
call = Unaweza kutupigia simu { $hotline }, kuanzia { $opens } { $opens_part ->
        [morning] asubuhi
        [afternoon] mchana
        [evening] jioni
        *[night] usiku
    } hadi { $closes } { $closes_part ->
        [morning] asubuhi
        [afternoon] mchana
        [evening] jioni
        *[night] usiku
    }.
call-offices = Unaweza kutupigia simu kuanzia { $opens } { $opens_part ->
        [morning] asubuhi
        [afternoon] mchana
        [evening] jioni
        *[night] usiku
    } hadi { $closes } { $closes_part ->
        [morning] asubuhi
        [afternoon] mchana
        [evening] jioni
        *[night] usiku
    } kwa namba iliyoonyeshwa kwenye ofisi zetu.
call-free = Simu ni bure.
call-languages = Tunazungumza { $languages }.
contact-visit = Unaweza kutuuliza kuhusu hili tutakapokutembelea tena.
check = Ili kuhakikisha kwamba huu ni ukweli, piga namba iliyoonyeshwa kwenye ofisi zetu na useme msimbo { $reference }.
never-ask = Hatuombi kamwe pesa, manenosiri wala taarifa binafsi, na hatutumi kamwe viungo vya mtandao.
again = Kukiwa na jambo jipya, tutawasiliana nawe tena.
sorry = Tunasikitika kwa yaliyotokea, na si kosa lako.
rights = Unaweza kutuuliza ni taarifa gani zako tunazohifadhi, na kutuomba tuzirekebishe au tuzifute.
authority = Kwa maswali na malalamiko kuhusu ulinzi wa taarifa, unaweza kuwasiliana na { $dpo }.
version = Hili ni tangazo { $version } la { $asof }, msimbo { $reference }.
add-enquirer-data = Taarifa ulizotupa kuhusu ndugu zako huenda zimo.
add-enquirer-news = Hizi si habari kuhusu ndugu zako.
add-enquirer-beware = Jihadhari na watu wanaotaka kukuuzia habari za ndugu zako.
add-authorities = Hatukuzipa mamlaka yoyote taarifa zako.
add-released = Vyeti na nakala za hati ulizopata kutoka kwetu huenda zimo.
add-guardian = Hili linahusu taarifa za familia yako tunazohifadhi.
short-reached = { $org }: watu kutoka nje waliingia kwenye kompyuta zetu na kupata taarifa zako.
short-enquirer = Uliyotuambia kuhusu ndugu zako huenda yamo; hizi si habari zao; usinunue habari kwa mtu yeyote.
short-released = Hati ulizopata kutoka kwetu huenda zimo.
short-beware = Ujumbe wa uongo kwa jina letu unaweza kuja.
short-call = Tupigie { $hotline } kuanzia { $opens } { $opens_part ->
        [morning] asubuhi
        [afternoon] mchana
        [evening] jioni
        *[night] usiku
    } hadi { $closes } { $closes_part ->
        [morning] asubuhi
        [afternoon] mchana
        [evening] jioni
        *[night] usiku
    }.
short-call-offices = Piga kuanzia { $opens } { $opens_part ->
        [morning] asubuhi
        [afternoon] mchana
        [evening] jioni
        *[night] usiku
    } hadi { $closes } { $closes_part ->
        [morning] asubuhi
        [afternoon] mchana
        [evening] jioni
        *[night] usiku
    } namba ya ofisi zetu.
short-code = Msimbo wako: { $reference }
