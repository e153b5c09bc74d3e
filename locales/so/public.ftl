### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Dhammaan dadka aan xogtooda hayno
public-who = Ogeysiiskani wuxuu ka yimid { $org }.
public-groups = Wuxuu ku saabsan yahay xogta aan haynay ilaa { $discovered } ee dadka raadinaya qaraabadooda, dadka la raadinayo, carruurta kelidood ahayd, dadka xiran, dadka kale ee aan caawinno, iyo shaqaalahayaga iyo mutadawiciintayada.
