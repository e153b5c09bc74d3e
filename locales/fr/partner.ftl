### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Au sujet des coordonnées que nous gardons sur votre organisation
partner-reached = Les personnes qui sont entrées ont pu lire et copier les coordonnées que votre organisation a publiées : son nom, son adresse, son numéro de téléphone et son adresse e-mail.
partner-warn = Merci d'avertir les personnes que vous aidez que de faux messages en notre nom peuvent arriver.
