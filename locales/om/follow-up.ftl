### New facts. Machine draft, for people to revise and approve.

follow-up = Kun beeksisa haaraa waa'ee waan kompiitaroota keenya irra gaheeti, isa duraas ni bakka bu'a.
follow-up-short = { $org }: namoota kompiitaroota keenya seenanii odeeffannoo kee argatan irratti wanta dabalataa sitti himnu qabna.
