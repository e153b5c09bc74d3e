### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Hawl ayaa kooxdiinna u taal: ka fura { $reference } liiska hawlaha.
