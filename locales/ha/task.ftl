### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Akwai aiki domin ƙungiyarku: ku buɗe { $reference } a jerin ayyuka.
