### New facts. Machine draft, for people to revise and approve.

follow-up = Kun beeksisa haaraa waa'ee waan kompiitaroota keenya irra gaheeti, isa duraas ni bakka bu'a.
follow-up-short = { $org }: namoota odeeffannoo kee argatan irratti wanta haaraa qabna.
