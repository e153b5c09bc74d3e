### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = ستاسو لپاره پیغام
neutral-from = د { $name } پیغام.
neutral-hello = سلام، دا ستاسو لپاره پیغام دی.
neutral-call = مهرباني وکړئ پر { $hotline } زنګ ووهئ.
neutral-call-offices = مهرباني وکړئ هغې شمېرې ته زنګ ووهئ چې زموږ په دفتر کې ښودل شوې ده.
neutral-never = موږ پیسې یا پټنوم نه غواړو.
neutral-code = د زنګ پر وخت { $reference } ووایاست.
voice-open = سلام، هر وخت چې داسې اورېدلی شئ چې بل څوک یې نه اوري، { $key } کېکاږئ.
voice-again = د بیا اورېدو لپاره { $key } کېکاږئ.
team-when = وپوښتئ چې کومه لاره او کوم وخت د دې کس لپاره د خبرو خوندي دی.
third-party = سلام، زه به وروسته بیا زنګ ووهم، مننه.
