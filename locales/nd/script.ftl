### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Okweqembu, akubalwa kuzwakale
team-private = Qala uqinisekise ukuthi kakho omunye ozwayo, nxa kungenzeki, qeda lapha ubike.
team-third = Nxa kuphendula omunye umuntu, tsho nje ukuthi uzafona futhi, kungelabizo lenhlanganiso.
team-voicemail = Tshiya umlayezo welizwi kuphela nxa umsebenzi uvuma, ungalitsho ibizo lenhlanganiso, njalo ungafoni futhi ngokwakho.
team-identity = Qinisekisa ukuthi ukhuluma lomuntu oqondileyo, ungabuzi ulwazi lwakhe.
hang-up = Ungaqeda ucingo lolu usifonele enombolweni etshengiswe emahofisini ethu.
team-file = Lilodwa, vula ifayili utshele umuntu ukuthi luphi ulwazi lwakhe olwathathwayo.
team-words = Cela umuntu ukuthi atsho ngamazwi akhe okwenzakeleyo lalokho angakwenza.
team-distress = Nxa umuntu edabukile, mana kancane, ulalele, umuphe usizo olubhalwe emsebenzini.
team-paper = Ungatshiyi iphepha, ngaphandle kokuthi umuntu elicela njalo kuvikelekile.
team-report = Bhala impumela emsebenzini.
team-child = Sebenzisa amazwi alula, ubuze umntwana ukuthi ngubani okumele akwazi lokhu.
team-survivor = Qala ngokuvikeleka, mtshele ngosizo lokuvikelwa angathunyelwa kulo, ubuze indlela entsha evikelekileyo yokuthinta umuntu.
team-detainee = Khuluma engxoxweni yensitha kuphela, hatshi ngabalindi, iMilayezo yeRed Cross kumbe ucingo.
say-heading = Okutshoyo
child-happened = Abantu abathile bangena kumakhompyutha kungelamvumo, benelisa ukubona okubhalwe ngabantu abanengi, lawe futhi.
child-fault = Akulalutho olubi olwenzileyo.
child-tell = Nxa umuntu ekubuza ngalokhu kumbe ekwethusa, tshela umuntu omdala omthembayo.
child-choose = Ungasibuza loba yini, njalo ungatsho ukuthi ngubani okumele azi.
sought-asked = Umuntu othile wake wasicela ukuthi sikudinge.
sought-choice = Ungakhetha ukungamukeli lutho oluvela kithi, njalo kasitsho lutho ngawe ungavumanga.
