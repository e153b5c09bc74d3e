### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Peyamek ji bo we
neutral-from = Ji { $name }.
neutral-hello = Silav, ev peyamek ji bo we ye.
neutral-call = Ji kerema xwe telefon bikin: { $hotline }
neutral-call-offices = Ji kerema xwe telefonî hejmara ku li nivîsgeha me hatiye nivîsandin bikin.
neutral-never = Em pere an şîfreyan naxwazin.
neutral-code = Di telefonê de { $reference } bêjin.
voice-open = Silav, dema ku hûn bikaribin bêyî ku kes bibihîze guhdarî bikin, { $key } bitikînin.
voice-again = Ji bo guhdarîkirina dîsa { $key } bitikînin.
team-when = Bipirsin ka kîjan rê û kîjan dem ji bo axaftinê ji bo kesê ewle ye.
third-party = Silav, ez ê paşê dîsa telefon bikim, spas.
