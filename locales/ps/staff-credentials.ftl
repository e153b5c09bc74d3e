### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = زموږ سیسټمونو ته ستاسو د ننوتلو نوم او پټنوم اخیستل شوي دي.
staff-reset = هر ځای چې مو همدا پټنوم کاراوه، نوی پټنوم وټاکئ.
staff-watch = په خپلو حسابونو کې وګورئ چې داسې څه خو نشته چې تاسو نه وي کړي.
staff-security = د زنګ پر وخت زموږ د امنیت مسئول وغواړئ.
