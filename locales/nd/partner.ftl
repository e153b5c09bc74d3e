### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Mayelana lolwazi lokuthintana lenhlanganiso yenu esilugcinayo
partner-reached = Abantu abangenayo benelisile ukubala lokukopa ulwazi lokuthintana olwabhalwa obala yinhlanganiso yenu: ibizo, ikheli, inombolo yocingo le-imeyili.
partner-warn = Sicela lixwayise abantu elibancedayo ukuthi imilayezo yamanga ngebizo lethu ingafika.
