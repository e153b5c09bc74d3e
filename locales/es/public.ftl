### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = A todas las personas cuyos datos guardamos
public-who = Este aviso es de { $org }.
public-groups = Se trata de datos que teníamos hasta el { $discovered } sobre personas que buscan a sus familiares, personas a las que se busca, niños que estaban solos, personas detenidas, otras personas a las que ayudamos, y nuestro personal y voluntariado.
