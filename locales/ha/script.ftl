### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Domin ƙungiyar aiki, kada a karanta da ƙarfi
team-private = Da farko ka tabbatar babu wani da ke ji, idan kuma ba zai yiwu ba, ka tsaya a nan ka ba da rahoto.
team-third = Idan wani dabam ya amsa, ka ce kawai za ka sake kira, ba tare da sunan ƙungiyar ba.
team-voicemail = Ka bar saƙon murya ne kawai idan aikin ya yarda, kada ka taɓa ambaton sunan ƙungiyar, kuma kada ka sake kira da kanka.
team-identity = Ka tabbatar kana magana da mutumin da ya dace, ba tare da tambayar bayanan kansa ba.
hang-up = Za ka iya kashe wannan kira ka kira mu a lambar da aka nuna a ofisoshinmu.
team-file = A keɓe, ka buɗe fayil ɗin ka gaya wa mutumin waɗanne bayanansa ne aka ɗauka.
team-words = Ka nemi mutumin ya faɗi da kalmominsa abin da ya faru da abin da zai iya yi.
team-distress = Idan mutumin ya damu, ka dakata, ka saurara, ka ba shi taimakon da aka rubuta a aikin.
team-paper = Kada ka bar wata takarda, sai dai idan mutumin ya nema kuma babu haɗari.
team-report = Ka rubuta sakamakon a aikin.
team-child = Ka yi amfani da kalmomi masu sauƙi, ka tambayi yaron wa ya kamata ya san wannan.
team-survivor = Da farko ka duba tsaro, ka ba da shawarar tura shi zuwa hidimar kariya, ka nemi sabuwar hanya mai aminci ta samun mutumin.
team-detainee = Ka yi magana a hira ta sirri kawai, kada ka taɓa bi ta hannun masu gadi, Saƙonnin Jan Giciye ko waya.
say-heading = Abin da za ka faɗa
child-happened = Wasu mutane sun shiga kwamfutoci ba tare da izini ba, kuma sun iya ganin abubuwan da aka rubuta game da mutane da yawa, kai ma haka.
child-fault = Ba ka yi wani laifi ba.
child-tell = Idan wani ya tambaye ka game da wannan ko ya tsorata ka, ka gaya wa babban mutum da ka amince da shi.
child-choose = Za ka iya tambayar mu komai, kuma za ka iya faɗin wa ya kamata ya sani.
sought-asked = Wani ya taɓa neman mu neme ka.
sought-choice = Za ka iya zaɓar kada ka karɓi komai daga gare mu, kuma ba ma faɗin komai game da kai sai ka yarda.
