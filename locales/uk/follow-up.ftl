### New facts. Machine draft, for people to revise and approve.

follow-up = Це нове повідомлення про те, що сталося з нашими комп'ютерами, і воно заміняє попереднє.
follow-up-short = { $org }: є нове про тих, хто дістав дані про вас.
