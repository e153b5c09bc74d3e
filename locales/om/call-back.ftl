### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Ergaa siif
neutral-from = Ergaa { $name } irraa.
neutral-hello = Akkam, kun ergaa siif.
neutral-call = Maaloo bilbili: { $hotline }
neutral-call-offices = Maaloo lakkoofsa waajjira keenyatti mul'atuun bilbili.
neutral-never = Maallaqa ykn jecha darbii hin gaafannu.
neutral-code = Yoo bilbiltu { $reference } jedhi.
voice-open = Akkam, yeroo namni biraa osoo hin dhagahin dhaggeeffachuu dandeessu { $key } tuqi.
voice-again = Irra deebitee dhaggeeffachuuf { $key } tuqi.
team-when = Karaa fi yeroon namichi nagaan itti dubbachuu danda'u kam akka ta'e gaafadhu.
third-party = Akkam, booda irra deebi'ee nan bilbila, galatoomaa.
