### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Ibizo lakho lokungena lephasiwedi yakho yezinhlelo zethu zathathwa.
staff-reset = Khetha iphasiwedi entsha kuyo yonke indawo lapho obusebenzisa khona efanayo.
staff-watch = Khangela kuma-akhawunti akho ukuthi kukhona yini ongakwenzanga.
staff-security = Nxa ufona, cela umuntu wethu okhangele ezokuvikeleka.
