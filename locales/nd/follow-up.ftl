### New facts. Machine draft, for people to revise and approve.

follow-up = Lesi yisaziso esitsha ngokwenzakele kumakhompyutha ethu, njalo sithatha indawo yesakuqala.
follow-up-short = { $org }: silokunye okokukutshela ngabantu abangena kumakhompyutha ethu bathola ulwazi lwakho.
