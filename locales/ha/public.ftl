### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Zuwa ga dukkan waɗanda muke riƙe da bayanansu
public-who = Wannan sanarwa daga { $org } ce.
public-groups = Game da bayanan da muke da su ne har zuwa { $discovered } na mutanen da ke neman danginsu, mutanen da ake nema, yaran da suke su kaɗai, mutanen da ake tsare da su, sauran mutanen da muke taimakawa, da ma'aikatanmu da masu aikin sa kai.
