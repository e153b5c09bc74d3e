### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Gareedhaaf, sagaleen hin dubbifamu
team-private = Dura namni biraa akka hin dhageenye mirkaneessi, yoo hin danda'amne asitti dhaabiitii gabaasi.
team-third = Yoo namni biraa deebise, irra deebitee akka bilbiltu qofa himi, maqaa dhaabbataa malee.
team-voicemail = Ergaa sagalee yoo hojichi eyyame qofa dhiisi, maqaa dhaabbataa gonkumaa hin dubbatin, ofiin irra deebitee hin bilbilin.
team-identity = Nama sirrii waliin dubbachuu kee mirkaneessi, odeeffannoo dhuunfaa osoo hin gaafatin.
hang-up = Bilbila kana cuftee lakkoofsa waajjiraalee keenyatti mul'atuun nuuf bilbiluu dandeessa.
team-file = Dhuunfaatti faayilii banitii odeeffannoo isaa kam akka fudhatame namichatti himi.
team-words = Waan ta'ee fi waan gochuu danda'u jecha isaatiin akka dubbatu nama sana gaafadhu.
team-distress = Yoo namichi gadde, xiqqoo turi, dhaggeeffadhu, deeggarsa hojii keessatti barreeffames dhiheessi.
team-paper = Waraqaa tokkollee hin dhiisin, yoo namichi gaafatee fi nagaa ta'e malee.
team-report = Bu'aa isaa hojii keessatti galmeessi.
team-child = Jechoota salphaa fayyadami, eenyu akka kana baruu qabu daa'ima gaafadhu.
team-survivor = Dura nageenya ilaali, tajaajila eegumsaatti akka ergamu yaada dhiheessi, karaa haaraa nagaa ittiin nama sana quunnaman gaafadhu.
team-detainee = Marii dhuunfaa keessatti qofa dubbadhu, gonkumaa karaa waardiyyootaa, Ergaa Fannoo Diimaa ykn bilbilaan miti.
say-heading = Waan ati jettu
child-happened = Namoonni tokko tokko hayyama malee kompiitaroota seenanii waan waa'ee namoota hedduu barreeffame arguu danda'aniiru, waa'ee keetiis.
child-fault = Ati wanta badaa tokko hin hojjenne.
child-tell = Yoo namni waa'ee kanaa si gaafate ykn si sodaachise, nama guddaa amantutti himi.
child-choose = Waan fedhe nu gaafachuu dandeessa, eenyu akka baruu qabus dubbachuu dandeessa.
sought-asked = Yeroo tokko namni akka si barbaannu nu gaafatee ture.
sought-choice = Nurraa homaa akka hin fudhanne filachuu dandeessa, yoo hin eyyamne nutis waa'ee keetii homaa hin himnu.
