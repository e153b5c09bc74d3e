### What crosses the wire for a team: nothing about anybody.

# $reference (text): number of the task.
task = There is a task for your team: open { $reference } in the task list.
