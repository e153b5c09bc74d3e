### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Kwa wote ambao tunahifadhi taarifa zao
public-who = Tangazo hili linatoka kwa { $org }.
public-groups = Linahusu taarifa tulizokuwa nazo hadi { $discovered } kuhusu watu wanaotafuta ndugu zao, watu wanaotafutwa, watoto waliokuwa peke yao, watu walio kizuizini, watu wengine tunaowasaidia, na wafanyakazi na wajitoleaji wetu.
