### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Zvechikwata, hazviverengwi zvichinzwika
team-private = Kutanga iva nechokwadi chekuti hapana mumwe anonzwa, uye kana zvisingaiti, pedzera pano wozivisa.
team-third = Kana mumwe munhu akadaira, ingoti uchafona zvakare, pasina zita resangano.
team-voicemail = Siya shoko renzwi chete kana basa richibvumidza, usambotaura zita resangano, uye usafona zvakare nekuda kwako.
team-identity = Iva nechokwadi chekuti uri kutaura nemunhu chaiye, usingabvunzi mashoko ake.
hang-up = Unogona kupedza foni iyi wotifonera panhamba inoratidzwa pamahofisi edu.
team-file = Muri mega, vhura faira woudza munhu kuti mashoko ake api akatorwa.
team-words = Kumbira munhu kuti ataure nemashoko ake zvakaitika nezvaangaita.
team-distress = Kana munhu akashungurudzika, mbomira, teerera, uye umupe rubatsiro rwakanyorwa mubasa.
team-paper = Usasiya bepa, kunze kwekuti munhu arikumbira uye zvakachengeteka.
team-report = Nyora zvabuda mubasa.
team-child = Shandisa mashoko ari nyore, uye bvunza mwana kuti ndiani anofanira kuziva izvi.
team-survivor = Tanga waona kuchengeteka, taura nezvekumuendesa kurubatsiro rwekudzivirirwa, uye bvunza nzira itsva yakachengeteka yekusvika kumunhu.
team-detainee = Taura muhurukuro yemuri mega chete, kwete kuburikidza nevarindi, Mashoko eRed Cross kana foni.
say-heading = Zvaunotaura
child-happened = Vamwe vanhu vakapinda mumakombiyuta vasina mvumo, uye vakakwanisa kuona zvinhu zvakanyorwa nezvevanhu vakawanda, newewo.
child-fault = Hapana chakaipa chawakaita.
child-tell = Kana munhu akakubvunza nezvazvo kana kukutyisa, udza munhu mukuru waunovimba naye.
child-choose = Unogona kutibvunza chero chinhu, uye unogona kutaura kuti ndiani anofanira kuziva.
sought-asked = Mumwe munhu akambotikumbira kuti tikutsvage.
sought-choice = Unogona kusarudza kusagamuchira chinhu kubva kwatiri, uye hatitauri chinhu nezvako kana usina kubvuma.
