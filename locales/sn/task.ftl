### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Pane basa rechikwata chenyu: vhurai { $reference } pamutsara wemabasa.
