### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Kuna kazi kwa ajili ya timu yenu: fungueni { $reference } kwenye orodha ya kazi.
