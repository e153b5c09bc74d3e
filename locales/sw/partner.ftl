### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Kuhusu mawasiliano ya shirika lenu tunayohifadhi
partner-reached = Watu walioingia waliweza kusoma na kunakili mawasiliano ambayo shirika lenu limeyatangaza: jina, anwani, namba ya simu na barua pepe.
partner-warn = Tafadhali waonyeni watu mnaowasaidia kwamba ujumbe wa uongo kwa jina letu unaweza kuja.
