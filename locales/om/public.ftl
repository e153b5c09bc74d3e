### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Warra odeeffannoo isaanii qabnu hundaaf
public-who = Beeksisni kun { $org } irraa.
public-groups = Waa'ee odeeffannoo hanga { $discovered } qabnuuti: namoota firoota isaanii barbaadan, namoota barbaadaman, ijoollee kophaa turan, namoota hidhaa jiran, namoota biraa gargaarru, akkasumas hojjettoota fi tola ooltota keenya.
