### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = A todas as pessoas de quem guardamos informações
public-who = Este aviso é de { $org }.
public-groups = Trata-se de informações que tínhamos até { $discovered } sobre pessoas que procuram familiares, pessoas procuradas, crianças que estavam sozinhas, pessoas detidas, outras pessoas que ajudamos, e o nosso pessoal e voluntários.
