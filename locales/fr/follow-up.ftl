### New facts. Machine draft, for people to revise and approve.

follow-up = Ceci est un nouvel avis sur ce qui est arrivé à nos ordinateurs, et il remplace le précédent.
follow-up-short = { $org } : nous avons plus à vous dire sur les personnes qui sont entrées dans nos ordinateurs et ont eu accès à des informations sur vous.
