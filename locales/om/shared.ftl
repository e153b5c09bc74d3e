### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = Afaan Oromoo
who = Ergaan kun { $org } irraa, namoota odeeffannoo isaanii qabnuuf.
subject = Waa'ee odeeffannoo kee nuti qabnu
happened-heading = Maaltu ta'e
happened = { $started } namoonni alaa kompiitaroota odeeffannoo keenya qaban keessa seenan, nutis { $discovered } kana barre.
disconnected = { $ended } kompiitaroota kana neetwoorkii irraa addaan kutne.
reached = Namoonni seenan odeeffannoo kee dubbisuu fi garagalchuu danda'aniiru.
published = Odeeffannoo fudhatame keessaa muraasni ifatti baheera.
data-heading = Odeeffannoo isa kam
data-confirmed = Odeeffannoon fudhatame kanneen of keessaa qaba:
data-possible = Kanneen armaan gadiis qabaachuu danda'a:
data-kind =
    { $kind ->
        [name] maqaalee
        [birth] guyyaa fi bakka dhalootaa, akkasumas saala
        [contact] lakkoofsa bilbilaa, teessoo imeelii fi teessoo manaa
        [family] firummaa namoota maatii gidduu jiru
        [case] waan namoonni nutti himan fi waan nuti barreessine
        [documents] garagalcha sanadootaa
        [credentials] maqaa ittiin seenan fi jecha darbii
       *[other] odeeffannoo biraa
    }
consequences-heading = Kun maal jechuu danda'a
consequences = Namni tokko odeeffannoo kanaan nu of fakkeessuu, maallaqa gaafachuu ykn waa'ee namootaa caalaatti baruu danda'a.
measures-heading = Maal goone
measure =
    { $kind ->
        [offline] Kompiitaroota neetwoorkii irraa baafne.
        [rebuilt] Hojii keenya gara kompiitaroota haaraa eegumsa cimaa qabaniitti dabarsine.
        [passwords_reset] Jechoota darbii hunda jijjiirre.
        [authorities_told] Waajjiraalee eegumsa odeeffannoo dhuunfaa to'atan beeksisneerra.
        [monitoring] Ogeeyyiin garagalcha odeeffannoo barbaadaa jiru.
       *[other] Miidhaa hir'isuuf hojjechaa jirra.
    }
do-heading = Ati maal gochuu dandeessa
do-pay = Nama maqaa keenyaan maallaqa gaafatuuf hin kaffalin, tajaajilli keenya bilisa waan ta'ee fi itti waan fufuuf.
do-share = Nama waa'ee kanaa si quunnamuuf odeeffannoo dhuunfaa hin kennin, ergaan soba ta'uu waan danda'uuf.
do-tell = Yoo namni waa'ee kanaa si quunname ykn nageenyi sitti hin dhagahamne nutti himi, akka si gargaaruuf.
contact-heading = Akkamitti nu argatta
call = Bilbila { $hotline } irratti sa'aatii { $opens } { $opens_part ->
        [morning] ganama
        [afternoon] waaree booda
        [evening] galgala
        *[night] halkan
    } hanga { $closes } { $closes_part ->
        [morning] ganama
        [afternoon] waaree booda
        [evening] galgala
        *[night] halkan
    } nuuf bilbiluu dandeessa.
call-offices = Sa'aatii { $opens } { $opens_part ->
        [morning] ganama
        [afternoon] waaree booda
        [evening] galgala
        *[night] halkan
    } hanga { $closes } { $closes_part ->
        [morning] ganama
        [afternoon] waaree booda
        [evening] galgala
        *[night] halkan
    } lakkoofsa waajjiraalee keenyatti mul'atuun bilbiluu dandeessa.
call-free = Bilbilli bilisa.
call-languages = Afaan { $languages } dubbanna.
contact-visit = Yeroo irra deebinee si daawwannu waa'ee kanaa nu gaafachuu dandeessa.
check = Kun dhugaa ta'uu isaa mirkaneessuuf, lakkoofsa waajjiraalee keenyatti mul'atuun bilbili, koodii { $reference } himi.
never-ask = Nuti maallaqa, jecha darbii ykn odeeffannoo dhuunfaa gonkumaa hin gaafannu, geessituus gonkumaa hin erginu.
again = Yoo wanti haaraan jiraate, irra deebinee si quunnamna.
sorry = Waan ta'eef ni gaddina, kunis balleessaa kee miti.
rights = Odeeffannoo kee isa kam akka qabnu nu gaafachuu dandeessa, akka sirreessinu ykn haqnus nu gaafachuu dandeessa.
authority = Gaaffii fi komii waa'ee eegumsa odeeffannoo { $dpo } quunnamuu dandeessa.
version = Kun beeksisa { $version } kan { $asof }, koodii { $reference }.
add-enquirer-data = Odeeffannoon waa'ee firoota keetii nuuf kennite keessa jiraachuu danda'a.
add-enquirer-news = Kun oduu waa'ee firoota keetii miti.
add-enquirer-beware = Namoota oduu firoota keetii sitti gurguruu barbaadan irraa of eeggadhu.
add-authorities = Odeeffannoo kee qaama mootummaa tokkoofuu hin kennine.
add-released = Waraqaan ragaa fi garagalchi sanadootaa nurraa fudhatte keessa jiraachuu danda'a.
add-guardian = Kun waa'ee odeeffannoo maatii keetii nuti qabnuuti.
short-reached = { $org }: namoonni alaa kompiitaroota keenya seenanii odeeffannoo kee argatan.
short-enquirer = Wanti waa'ee firootaa nutti himte keessa jiraachuu danda'a; kun oduu isaanii miti; oduu eenyurraayyuu hin bitin.
short-released = Sanadoonni nurraa fudhatte keessa jiraachuu danda'u.
short-beware = Ergaan sobaa maqaa keenyaan dhufuu danda'a.
short-call = Bilbili { $hotline } sa'aatii { $opens } { $opens_part ->
        [morning] ganama
        [afternoon] waaree booda
        [evening] galgala
        *[night] halkan
    } hanga { $closes } { $closes_part ->
        [morning] ganama
        [afternoon] waaree booda
        [evening] galgala
        *[night] halkan
    }.
short-call-offices = Sa'aatii { $opens } { $opens_part ->
        [morning] ganama
        [afternoon] waaree booda
        [evening] galgala
        *[night] halkan
    } hanga { $closes } { $closes_part ->
        [morning] ganama
        [afternoon] waaree booda
        [evening] galgala
        *[night] halkan
    } lakkoofsa waajjiraalee keenyaan bilbili.
short-code = Koodiin kee: { $reference }
# The Ethiopian calendar; the Gregorian date follows in brackets.
date-local = { $month ->
        [m1] Fulbaana
        [m2] Onkololeessa
        [m3] Sadaasa
        [m4] Muddee
        [m5] Amajjii
        [m6] Guraandhala
        [m7] Bitooteessa
        [m8] Eebla
        [m9] Caamsaa
        [m10] Waxabajjii
        [m11] Adooleessa
        [m12] Hagayya
       *[m13] Qaammee
    } { $day }, { $year }
