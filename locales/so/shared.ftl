### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = Soomaali
who = Farriintan waxay ka timid { $org }, waxaana loogu talagalay dadka aan xogtooda hayno.
subject = Ku saabsan xogta aan kaa hayno
happened-heading = Waxa dhacay
happened = { $started } dad dibadda ka yimid ayaa galay kombiyuutarro ay ku jirto xogtayadu, waxaana arrintan ogaannay { $discovered }.
disconnected = { $ended } waxaan kombiyuutarradan ka jarnay shabakadda.
reached = Dadkii galay waxay akhrin kareen oo koobbi ka samayn kareen xog adiga kugu saabsan.
published = Qayb ka mid ah xogtii la qaatay waa la faafiyey.
data-heading = Xogta ay tahay
data-confirmed = Xogta la qaatay waxaa ku jira:
data-possible = Waxaa kaloo ku jiri kara:
data-kind =
    { $kind ->
        [name] magacyo
        [birth] taariikhda iyo goobta dhalashada, iyo jinsiga
        [contact] nambarrada taleefanka, cinwaannada iimaylka iyo cinwaannada guryaha
        [family] qaraabannimada u dhexeysa dadka qoyska
        [case] waxa dadku noo sheegeen iyo waxa aan ka qornay
        [documents] koobbiyada dukumentiyada
        [credentials] magacyada gelitaanka iyo ereyada sirta ah
       *[other] xog kale
    }
consequences-heading = Waxa ay taasi noqon karto
consequences = Qof ayaa xogtan u isticmaali kara inuu iska dhigo annaga, inuu lacag weydiisto, ama inuu wax badan ka ogaado dadka.
measures-heading = Waxa aan qabannay
measure =
    { $kind ->
        [offline] Kombiyuutarradii waxaan ka saarnay shabakadda.
        [rebuilt] Shaqadayadii waxaan u wareejinnay kombiyuutarro cusub oo si fiican loo ilaaliyo.
        [passwords_reset] Waxaan beddelnay dhammaan ereyada sirta ah.
        [authorities_told] Waxaan la socodsiinnay xafiisyada ilaaliya xogta shakhsiga ah.
        [monitoring] Khubaro ayaa raadinaya koobbiyada xogta.
       *[other] Waxaan ka shaqaynaynaa inaan yarayno waxyeellada.
    }
do-heading = Waxa aad samayn karto
do-pay = Ha siin lacag qof ku weydiista magacayaga, sababtoo ah adeegyadayadu waa bilaash wayna socdaan.
do-share = Ha siin xog shakhsi ah qof arrintan kugula soo xiriira, sababtoo ah farriintu waxay noqon kartaa been.
do-tell = Noo sheeg haddii qof arrintan kugula soo xiriiro ama haddii aad dareento ammaan darro, si aan kuu caawinno.
contact-heading = Sida aad nagula soo xiriiri karto
call = Waxaad naga soo wici kartaa { $hotline }, laga bilaabo { $opens } ilaa { $closes }.
call-offices = Waxaad soo wici kartaa laga bilaabo { $opens } ilaa { $closes } nambarka ka muuqda xafiisyadayada.
call-free = Wicitaanku waa bilaash.
call-languages = Waxaan ku hadalnaa { $languages }.
contact-visit = Waxaad wax naga weydiin kartaa marka aan mar kale ku soo booqanno.
check = Si aad u hubiso inay tani run tahay, wac nambarka ka muuqda xafiisyadayada oo sheeg koodhka { $reference }.
never-ask = Weligayo ma weydiinno lacag, ereyo sir ah ama xog shakhsi ah, mana soo dirno xiriiriyeyaal.
again = Haddii wax cusub jiraan, mar kale ayaan kula soo xiriiri doonnaa.
sorry = Waan ka xunnahay waxa dhacay, mana aha khaladkaaga.
rights = Waxaad na weydiin kartaa xogta aan kaa hayno, waxaadna codsan kartaa inaan saxno ama tirtirno.
authority = Su'aalaha iyo cabashooyinka ku saabsan ilaalinta xogta waxaad la xiriiri kartaa { $dpo }.
version = Tani waa ogeysiis { $version } ee { $asof }, koodh { $reference }.
add-enquirer-data = Xogta aad naga siisay qaraabadaada way ku jiri kartaa.
add-enquirer-news = Tani ma aha war ku saabsan qaraabadaada.
add-enquirer-beware = Ka digtoonow dadka doonaya inay kaa iibiyaan warka qaraabadaada.
add-authorities = Xogtaada ma siin wax maamul dawladeed ah.
add-released = Shahaadooyinka iyo koobbiyada dukumentiyada aad naga heshay way ku jiri karaan.
add-guardian = Tani waxay ku saabsan tahay xogta aan ka hayno qoyskaaga.
short-reached = { $org }: dad dibadda ka yimid ayaa galay kombiyuutarradayada oo helay xog kugu saabsan.
short-enquirer = Waxa aad nooga sheegtay qaraabada way ku jiri karaan; tani war iyaga ma aha; cidna ha ka iibsan war.
short-released = Dukumentiyo aad naga heshay way ku jiri karaan.
short-beware = Farriimo been ah ayaa magacayaga ku iman kara.
short-call = Naga soo wac { $hotline } { $opens } ilaa { $closes }.
short-call-offices = Soo wac { $opens } ilaa { $closes } nambarka xafiisyadayada.
short-code = Koodhkaaga: { $reference }
