### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Un message pour vous
neutral-from = Message de { $name }.
neutral-hello = Bonjour, ceci est un message pour vous.
neutral-call = Merci d'appeler le { $hotline }.
neutral-call-offices = Merci de nous appeler au numéro affiché dans notre bureau.
neutral-never = Nous ne demandons ni argent ni mot de passe.
neutral-code = En appelant, donnez le code { $reference }.
voice-open = Bonjour, appuyez sur { $key } quand vous pouvez écouter sans que d'autres entendent.
voice-again = Pour réécouter, appuyez sur { $key }.
team-when = Demandez de quelle façon et à quel moment la personne peut parler sans danger.
third-party = Bonjour, je rappellerai plus tard, merci.
