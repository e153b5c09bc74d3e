### New facts. Machine draft, for people to revise and approve.

follow-up = Ev agahdariyek nû ye li ser tiştê ku bi kompîturên me qewimî, û şûna ya berê digire.
follow-up-short = { $org }: hîn tiştên me hene ku em li ser kesên ku ketin kompîturên me û gihîştin agahiyên we bêjin.
