### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Há uma tarefa para a sua equipe: abra { $reference } na lista de tarefas.
