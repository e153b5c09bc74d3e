### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = chiShona
who = Shoko iri rinobva kuna { $org }, richienda kuvanhu vane mashoko atinochengeta.
subject = Nezvemashoko ako atinochengeta
happened-heading = Zvakaitika
happened = Musi wa { $started } vanhu vekunze vakapinda mumakombiyuta ane mashoko edu, uye takazviziva musi wa { $discovered }.
disconnected = Musi wa { $ended } takabvisa makombiyuta aya paneti.
reached = Vanhu vakapinda vakakwanisa kuverenga nekukopa mashoko ako.
published = Mamwe emashoko akatorwa akabudiswa pachena.
data-heading = Mashoko api
data-confirmed = Mashoko akatorwa anosanganisira:
data-possible = Anogona kusanganisirawo:
data-kind =
    { $kind ->
        [name] mazita
        [birth] mazuva nenzvimbo dzekuzvarwa, uye kuti munhu murume here kana mukadzi
        [contact] nhamba dzefoni, makero eemail nemakero ekumba
        [family] ukama huri pakati pevanhu vemhuri
        [case] zvatakaudzwa nevanhu nezvatakanyora pamusoro pazvo
        [documents] makopi emagwaro
        [credentials] mazita ekupinda nawo nemapasiwedhi
       *[other] mamwe mashoko
    }
consequences-heading = Zvinogona kureva izvi
consequences = Mumwe munhu anogona kushandisa mashoko aya kuti anyepedzere kuva isu, akumbire mari, kana kuziva zvakawanda nezvevanhu.
measures-heading = Zvatakaita
measure =
    { $kind ->
        [offline] Takabvisa makombiyuta paneti.
        [rebuilt] Takatamisira basa redu kumakombiyuta matsva akadzivirirwa zviri nani.
        [passwords_reset] Takachinja mapasiwedhi ose.
        [authorities_told] Takazivisa mahofisi anoona nezvekuchengetedzwa kwemashoko evanhu.
        [monitoring] Nyanzvi dziri kutsvaga makopi emashoko aya.
       *[other] Tiri kushanda kuti tideredze kukuvara.
    }
do-heading = Zvaungaita
do-pay = Usabhadhare munhu anokumbira mari nezita redu, nokuti mabasa edu ndeemahara uye ari kuenderera mberi.
do-share = Usape mashoko ako kumunhu anokubata nezvenyaya iyi, nokuti shoko racho rinogona kuva renhema.
do-tell = Tiudze kana munhu akakubata nezvenyaya iyi kana kuti kana usinganzwi wakachengeteka, kuti tikubatsire.
contact-heading = Matisvikiro
call = Unogona kutifonera pa { $hotline }, kubva na { $opens } kusvika { $closes }.
call-offices = Unogona kutifonera kubva na { $opens } kusvika { $closes } panhamba inoratidzwa pamahofisi edu.
call-free = Kufona kwacho ndekwemahara.
call-languages = Tinotaura { $languages }.
contact-visit = Unogona kutibvunza nezvazvo patinokushanyira zvakare.
check = Kuti uone kana izvi zviri zvechokwadi, fonera nhamba inoratidzwa pamahofisi edu woti kodhi { $reference }.
never-ask = Hatimbokumbiri mari, mapasiwedhi kana mashoko ako, uye hatimbotumiri malinki.
again = Kana pane zvitsva, tichakubata zvakare.
sorry = Tine urombo nezvakaitika, uye haisi mhosva yako.
rights = Unogona kutibvunza kuti mashoko api ako atinochengeta, uye unogona kutikumbira kuti tiagadzirise kana kuadzima.
authority = Kana uine mibvunzo kana zvichemo nezvekuchengetedzwa kwemashoko, unogona kuenda kuna { $dpo }.
version = Ichi chiziviso { $version } che { $asof }, kodhi { $reference }.
add-enquirer-data = Mashoko awakatipa nezvehama dzako anogona kunge arimo.
add-enquirer-news = Iri harisi shoko nezvehama dzako.
add-enquirer-beware = Chenjerera vanhu vanoda kukutengesera mashoko ehama dzako.
add-authorities = Hatina kupa mashoko ako kune chero vakuru vehurumende.
add-released = Zvitupa nemakopi emagwaro awakapiwa nesu zvinogona kunge zvirimo.
add-guardian = Izvi ndezvemashoko emhuri yako atinochengeta.
short-reached = { $org }: vanhu vekunze vakapinda mumakombiyuta edu vakawana mashoko ako.
short-enquirer = Zvawakatiudza nezvehama zvinogona kunge zvirimo; aya haasi mashoko avo; usatenge mashoko kumunhu.
short-released = Magwaro awakapiwa nesu anogona kunge arimo.
short-beware = Mashoko enhema nezita redu anogona kuuya.
short-call = Tifonere pa { $hotline } kubva { $opens } kusvika { $closes }.
short-call-offices = Fona kubva { $opens } kusvika { $closes } panhamba yemahofisi edu.
short-code = Kodhi yako: { $reference }
date = { $day } { $month ->
        [m1] Ndira
        [m2] Kukadzi
        [m3] Kurume
        [m4] Kubvumbi
        [m5] Chivabvu
        [m6] Chikumi
        [m7] Chikunguru
        [m8] Nyamavhuvhu
        [m9] Gunyana
        [m10] Gumiguru
        [m11] Mbudzi
       *[m12] Zvita
    } { $year }
