### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Umlayezo wakho
neutral-from = Umlayezo ovela ku-{ $name }.
neutral-hello = Sawubona, lo ngumlayezo wakho.
neutral-call = Sicela usifonele ku-{ $hotline }.
neutral-call-offices = Sicela ufonele inombolo etshengiswe ehofisini yethu.
neutral-never = Kasiceli imali kumbe amaphasiwedi.
neutral-code = Nxa ufona, tsho { $reference }.
voice-open = Sawubona, cindezela { $key } nxa usenelisa ukulalela kungelamuntu ozwayo.
voice-again = Ukuze uzwe futhi, cindezela { $key }.
team-when = Buza ukuthi yiphi indlela lesikhathi okuvikelekileyo ukuthi umuntu akhulume.
third-party = Sawubona, ngizaphinda ngifone muva, ngiyabonga.
