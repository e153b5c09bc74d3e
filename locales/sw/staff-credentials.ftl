### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Jina lako la kuingilia na nenosiri lako la mifumo yetu vilichukuliwa.
staff-reset = Chagua nenosiri jipya kila mahali ulipotumia lilelile.
staff-watch = Angalia kwenye akaunti zako mwenyewe kama kuna jambo ambalo hukulifanya.
staff-security = Unapopiga simu, omba kuzungumza na msimamizi wetu wa usalama.
