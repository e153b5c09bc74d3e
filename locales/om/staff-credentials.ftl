### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Maqaan ittiin seentuu fi jechi darbii kee kan sirna keenyaa fudhatamaniiru.
staff-reset = Bakka jecha darbii walfakkaataa itti fayyadamte hundatti jecha darbii haaraa filadhu.
staff-watch = Herrega kee mataa keetii keessa wanti ati hin hojjenne jiraachuu isaa ilaali.
staff-security = Yeroo bilbiltu, itti gaafatamaa nageenyaa keenya gaafadhu.
