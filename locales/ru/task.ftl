### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Для вашей команды есть задание: откройте { $reference } в списке заданий.
