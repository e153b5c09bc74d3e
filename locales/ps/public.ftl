### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = ټولو هغو ته چې معلومات یې موږ ساتو
public-who = دا خبرتیا د { $org } له خوا ده.
public-groups = دا د هغو معلوماتو په اړه ده چې تر { $discovered } مو درلودل، د هغو خلکو په باب چې خپلوان لټوي، هغه چې لټول کېږي، هغه ماشومان چې یوازې وو، توقیف شوي کسان، نور خلک چې مرسته ورسره کوو، او زموږ کارکوونکي او رضاکاران.
