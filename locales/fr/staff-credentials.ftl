### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Votre identifiant et votre mot de passe pour nos systèmes ont été pris.
staff-reset = Choisissez un nouveau mot de passe partout où vous utilisiez le même.
staff-watch = Regardez dans vos propres comptes s'il y a quelque chose que vous n'avez pas fait.
staff-security = En appelant, demandez notre responsable de la sécurité.
