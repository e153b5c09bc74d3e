### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Shoko rako
neutral-from = Shoko kubva kuna { $name }.
neutral-hello = Mhoro, iri ishoko rako.
neutral-call = Ndapota tifonere pa { $hotline }.
neutral-call-offices = Ndapota fonera nhamba inoratidzwa pahofisi yedu.
neutral-never = Hatikumbiri mari kana mapasiwedhi.
neutral-code = Paunofona, iti { $reference }.
voice-open = Mhoro, dzvanya { $key } paunenge uchikwanisa kuteerera pasina mumwe anonzwa.
voice-again = Kuti unzwe zvakare, dzvanya { $key }.
team-when = Bvunza kuti inzira ipi nenguva ipi dzakachengeteka kuti munhu wacho ataure.
third-party = Mhoro, ndichafona zvakare gare gare, ndatenda.
