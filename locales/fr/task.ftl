### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Il y a une tâche pour votre équipe : ouvrez { $reference } dans la liste des tâches.
