### New facts. Machine draft, for people to revise and approve.

follow-up = Ichi chiziviso chitsva nezvezvakaitika kumakombiyuta edu, uye chinotsiva chekutanga.
follow-up-short = { $org }: tine zvimwe zvekukuudza nezvevanhu vakapinda mumakombiyuta edu vakawana mashoko ako.
