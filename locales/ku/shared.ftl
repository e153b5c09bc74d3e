### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = kurmancî
who = Ev peyam ji { $org } e, ji bo kesên ku em agahiyên wan diparêzin.
subject = Derbarê agahiyên ku em li ser we diparêzin
happened-heading = Çi qewimî
happened = Di { $started } de kesên ji derve ketin kompîturên ku agahiyên me tê de ne, û em di { $discovered } de pê hesiyan.
disconnected = Di { $ended } de me ev kompîtur ji torê qut kirin.
reached = Kesên ku ketin hundir karîbûn agahiyên li ser we bixwînin û kopî bikin.
published = Beşek ji agahiyên ku hatin birin hatiye belavkirin.
data-heading = Kîjan agahî
data-confirmed = Agahiyên ku hatin birin ev in:
data-possible = Dibe ku ev jî tê de bin:
data-kind =
    { $kind ->
        [name] nav
        [birth] roj û cihê jidayikbûnê, û zayend
        [contact] hejmarên telefonê, navnîşanên e-peyamê û navnîşanên malê
        [family] xizmatiya di navbera kesên malbatekê de
        [case] tiştên ku mirovan ji me re gotine û yên ku me li ser nivîsandine
        [documents] kopiyên belgeyan
        [credentials] navên têketinê û şîfre
       *[other] agahiyên din
    }
consequences-heading = Ev dikare were çi wateyê
consequences = Kesek dikare van agahiyan bi kar bîne da ku xwe wekî me nîşan bide, pere bixwaze, an li ser mirovan bêtir fêr bibe.
measures-heading = Me çi kir
measure =
    { $kind ->
        [offline] Me kompîtur ji torê qut kirin.
        [rebuilt] Me karê xwe bir ser kompîturên nû yên baştir parastî.
        [passwords_reset] Me hemû şîfre guherandin.
        [authorities_told] Me agahî da saziyên ku li parastina agahiyên kesane dinêrin.
        [monitoring] Pispor li kopiyên agahiyan digerin.
       *[other] Em dixebitin da ku zirarê kêm bikin.
    }
do-heading = Hûn dikarin çi bikin
do-pay = Pere nedin kesê ku bi navê me dixwaze, ji ber ku xizmetên me belaş in û didomin.
do-share = Agahiyên kesane nedin kesê ku li ser vê yekê bi we re têkilî datîne, ji ber ku dibe ku peyam derew be.
do-tell = Ger kesek li ser vê yekê bi we re têkilî dayne an hûn xwe ne ewle hîs bikin, ji me re bêjin da ku em alîkariyê bikin.
contact-heading = Hûn çawa dikarin bigihîjin me
call = Hûn dikarin ji { $opens } heta { $closes } li { $hotline } telefonî me bikin.
call-offices = Hûn dikarin ji { $opens } heta { $closes } telefonî hejmara ku li nivîsgehên me hatiye nivîsandin bikin.
call-free = Telefon belaş e.
call-languages = Em bi van zimanan diaxivin: { $languages }.
contact-visit = Dema ku em dîsa serdana we bikin, hûn dikarin li ser vê yekê ji me bipirsin.
check = Ji bo ku hûn bizanin ev rast e, telefonî hejmara ku li nivîsgehên me hatiye nivîsandin bikin û koda { $reference } bêjin.
never-ask = Em tu carî pere, şîfre an agahiyên kesane naxwazin, û em tu carî lînkan naşînin.
again = Ger tiştekî nû hebe, em ê dîsa bi we re têkilî daynin.
sorry = Em ji ber tiştê ku qewimî xemgîn in, û ev ne sûcê we ye.
rights = Hûn dikarin ji me bipirsin ka em çi agahiyan li ser we diparêzin, û bixwazin ku em wan rast bikin an jê bibin.
authority = Ji bo pirs û gilîyên li ser parastina daneyan hûn dikarin serî li vir bidin: { $dpo }.
version = Ev agahdariya { $version } ya { $asof } e, kod { $reference }.
add-enquirer-data = Dibe ku agahiyên ku we li ser xizmên xwe dane me tê de bin.
add-enquirer-news = Ev ne nûçeyek li ser xizmên we ye.
add-enquirer-beware = Hay ji kesên ku dixwazin nûçeyên xizmên we bifiroşin we hebin.
add-authorities = Me agahiyên we nedane tu rayedaran.
add-released = Dibe ku belge û kopiyên belgeyên ku we ji me wergirtine tê de bin.
add-guardian = Ev li ser agahiyên ku em derbarê malbata we diparêzin e.
short-reached = { $org }: kesên ji derve ketin kompîturên me û gihîştin agahiyên li ser we.
short-enquirer = Dibe ku gotinên we yên li ser xizman tê de bin; ev ne nûçeyên wan in; ji kesî nûçeyan nekirin.
short-released = Dibe ku belgeyên ku we ji me wergirtine tê de bin.
short-beware = Dibe ku peyamên derew bi navê me werin.
short-call = Telefonî me bikin: { $hotline }, ji { $opens } heta { $closes }.
short-call-offices = Ji { $opens } heta { $closes } telefonî hejmara nivîsgehên me bikin.
short-code = Koda we: { $reference }
