### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = هناك مهمة لفريقكم: افتحوا { $reference } في قائمة المهام.
