### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Derbarê agahiyên têkiliyê yên rêxistina we ku em diparêzin
partner-reached = Kesên ku ketin hundir karîbûn agahiyên têkiliyê yên ku rêxistina we belav kirine bixwînin û kopî bikin: nav, navnîşan, hejmara telefonê û e-peyam.
partner-warn = Ji kerema xwe kesên ku hûn alîkariya wan dikin hişyar bikin ku dibe ku peyamên derew bi navê me werin.
