### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Waa'ee odeeffannoo quunnamtii dhaabbata keessanii nuti qabnu
partner-reached = Namoonni seenan odeeffannoo quunnamtii dhaabbanni keessan maxxanse dubbisuu fi garagalchuu danda'aniiru: maqaa, teessoo, lakkoofsa bilbilaa fi imeelii.
partner-warn = Maaloo namoota gargaartan ergaan sobaa maqaa keenyaan dhufuu akka danda'u akeekkachiisaa.
