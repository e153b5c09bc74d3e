### New facts. Machine draft, for people to revise and approve.

follow-up = Ceci est un nouvel avis sur ce qui est arrivé à nos ordinateurs, et il remplace le précédent.
follow-up-short = { $org } : du nouveau sur les inconnus qui ont eu accès à des informations sur vous.
