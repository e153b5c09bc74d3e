### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Ji bo tîmê, bi dengê bilind neyê xwendin
team-private = Pêşî piştrast bikin ku kesekî din nabihîze, û ger ne mimkun be, li vir biqedînin û ragihînin.
team-third = Ger kesekî din bersiv bide, tenê bêjin ku hûn ê dîsa telefon bikin, bêyî navê rêxistinê.
team-voicemail = Peyama dengî tenê ger erk destûrê bide bihêlin, tu carî bi navê rêxistinê na, û ji xwe ber dîsa telefon nekin.
team-identity = Piştrast bikin ku hûn bi kesê rast re diaxivin, bêyî ku agahiyên kesane bipirsin.
hang-up = Hûn dikarin vê telefonê biqedînin û telefonî hejmara ku li nivîsgehên me hatiye nivîsandin bikin.
team-file = Bi taybetî dosyayê vekin û ji kesê re bêjin ka kîjan agahiyên wî bi xwe hatine birin.
team-words = Ji kesê bixwazin ku bi gotinên xwe bêje çi qewimî û dikare çi bike.
team-distress = Ger kes xemgîn bibe, rawestin, guhdarî bikin û piştgiriya ku di erkê de hatiye nivîsandin pêşniyar bikin.
team-paper = Tu kaxezê nehêlin, heta ku kes bi xwe nexwaze û ewle nebe.
team-report = Encamê di erkê de tomar bikin.
team-child = Gotinên hêsan bi kar bînin û ji zarokê bipirsin ka kî divê vê yekê bizane.
team-survivor = Pêşî ewlehiyê kontrol bikin, şandina bo xizmeteke parastinê pêşniyar bikin û rêyeke nû ya ewle ji bo gihîştina kesê bipirsin.
team-detainee = Tenê di hevdîtineke taybet de biaxivin, tu carî bi rêya nobedaran, Peyamên Xaça Sor an telefonê na.
say-heading = Tiştê ku hûn dibêjin
child-happened = Hin mirov bêdestûr ketin kompîturan û karîbûn tiştên ku li ser gelek mirovan hatine nivîsandin bibînin, li ser te jî.
child-fault = Te tu tiştekî xerab nekiriye.
child-tell = Ger kesek li ser vê yekê ji te bipirse an te bitirsîne, ji mezinekî ku tu pê bawer î re bêje.
child-choose = Tu dikarî her tiştî ji me bipirsî, û tu dikarî bêjî kî divê bizane.
sought-asked = Carekê kesekî ji me xwest ku em li we bigerin.
sought-choice = Hûn dikarin hilbijêrin ku tiştekî ji me wernegirin, û bêyî razîbûna we em tiştekî li ser we nabêjin.
