### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Для вашої команди є завдання: відкрийте { $reference } у списку завдань.
