### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Hay una tarea para su equipo: abra { $reference } en la lista de tareas.
