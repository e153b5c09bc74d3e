### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Pour l'équipe, à ne pas lire à voix haute
team-private = Assurez-vous d'abord que personne d'autre n'entend ; si ce n'est pas possible, arrêtez ici et signalez-le.
team-third = Si une autre personne répond, dites seulement que vous rappellerez, sans le nom de l'organisation.
team-voicemail = Ne laissez un message vocal que si la tâche le permet, jamais avec le nom de l'organisation, et ne rappelez pas de vous-même.
team-identity = Assurez-vous de parler à la bonne personne, sans demander de détails personnels.
hang-up = Vous pouvez terminer cet appel et nous appeler au numéro affiché dans nos bureaux.
team-file = En privé, ouvrez le dossier et dites à la personne lesquelles de ses propres informations ont été prises.
team-words = Demandez à la personne de dire avec ses propres mots ce qui s'est passé et ce qu'elle peut faire.
team-distress = Si la personne est bouleversée, faites une pause, écoutez et proposez le soutien indiqué dans la tâche.
team-paper = Ne laissez aucun papier, sauf si la personne le demande et que c'est sans danger.
team-report = Notez le résultat dans la tâche.
team-child = Utilisez des mots simples et demandez à l'enfant qui devrait être au courant.
team-survivor = Vérifiez d'abord la sécurité, proposez l'orientation vers un service de protection et demandez un nouveau moyen sûr de joindre la personne.
team-detainee = Parlez seulement lors d'un entretien privé, jamais par les gardiens, les Messages Croix-Rouge ou le téléphone.
say-heading = Ce que vous dites
child-happened = Des gens sont entrés dans des ordinateurs sans permission, et ils ont pu voir des choses écrites sur beaucoup de personnes, et aussi sur toi.
child-fault = Tu n'as rien fait de mal.
child-tell = Si quelqu'un te pose des questions à ce sujet ou te fait peur, dis-le à une grande personne en qui tu as confiance.
child-choose = Tu peux tout nous demander, et tu peux dire qui devrait être au courant.
sought-asked = Quelqu'un nous a demandé un jour de vous chercher.
sought-choice = Vous pouvez choisir de ne rien recevoir de nous, et nous ne disons rien de vous si vous n'êtes pas d'accord.
