### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Ujumbe kwa ajili yako
neutral-from = Ujumbe kutoka { $name }.
neutral-hello = Habari, huu ni ujumbe kwa ajili yako.
neutral-call = Tafadhali tupigie { $hotline }.
neutral-call-offices = Tafadhali piga namba iliyoonyeshwa kwenye ofisi yetu.
neutral-never = Hatuombi kamwe pesa wala manenosiri.
neutral-code = Unapopiga, taja { $reference }.
voice-open = Habari, bonyeza { $key } unapoweza kusikiliza bila mtu mwingine kusikia.
voice-again = Ili kusikiliza tena, bonyeza { $key }.
team-when = Uliza ni njia gani na wakati gani ni salama kwa mtu huyo kuzungumza.
third-party = Habari, nitapiga simu tena baadaye, asante.
