### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = Hojiin garee keessaniif jira: { $reference } tarree hojii keessaa banaa.
