### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Há uma tarefa para a sua equipa: abra { $reference } na lista de tarefas.
