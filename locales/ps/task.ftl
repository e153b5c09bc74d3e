### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = ستاسو د ډلې لپاره یوه دنده شته: د دندو په لېست کې { $reference } پرانیزئ.
