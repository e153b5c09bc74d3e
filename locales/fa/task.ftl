### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = وظیفه‌ای برای گروه شما هست: { $reference } را در فهرست وظیفه‌ها باز کنید.
