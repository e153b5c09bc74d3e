### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Ji bo tîma we erkek heye: { $reference } di lîsteya erkan de vekin.
