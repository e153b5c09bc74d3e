### New facts. Machine draft, for people to revise and approve.

follow-up = Це нове повідомлення про те, що сталося з нашими комп'ютерами, і воно заміняє попереднє.
follow-up-short = { $org }: маємо що додати про тих, хто проник у наші комп'ютери й дістав дані про вас.
