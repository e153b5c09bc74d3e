### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Farriin kuu socota
neutral-from = Farriin ka timid { $name }.
neutral-hello = Salaan, tani waa farriin kuu socota.
neutral-call = Fadlan naga soo wac { $hotline }.
neutral-call-offices = Fadlan soo wac nambarka ka muuqda xafiiskayaga.
neutral-never = Ma weydiinno lacag ama erey sir ah.
neutral-code = Marka aad wacdo sheeg { $reference }.
voice-open = Salaan, riix { $key } marka aad dhegeysan karto adigoo cidi ku maqlayn.
voice-again = Si aad mar kale u dhegeysato riix { $key }.
team-when = Weydii habka iyo waqtiga qofka u ammaan ah inuu ku hadlo.
third-party = Salaan, mar kale ayaan soo wici doonaa, mahadsanid.
