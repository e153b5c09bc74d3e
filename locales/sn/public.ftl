### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Kuna vose vane mashoko atinochengeta
public-who = Chiziviso ichi chinobva kuna { $org }.
public-groups = Ndezvemashoko ataiva nawo kusvika { $discovered } nezvevanhu vanotsvaga hama dzavo, vanhu vari kutsvagwa, vana vaiva voga, vanhu vakasungwa, vamwe vanhu vatinobatsira, nevashandi nemavhorandiya edu.
