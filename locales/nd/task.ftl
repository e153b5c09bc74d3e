### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Kulomsebenzi weqembu lenu: vulani { $reference } emgqeni wemisebenzi.
