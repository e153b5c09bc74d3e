### New facts. Machine draft, for people to revise and approve.

follow-up = Ev agahdariyek nû ye li ser tiştê ku bi kompîturên me qewimî, û şûna ya berê digire.
follow-up-short = { $org }: tiştên nû hene li ser kesên ku gihîştin agahiyên we.
