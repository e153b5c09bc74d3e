### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Game da bayanan tuntuɓa na ƙungiyarku da muke riƙe da su
partner-reached = Mutanen da suka shiga sun iya karantawa da kwafe bayanan tuntuɓa da ƙungiyarku ta wallafa: suna, adireshi, lambar waya da imel.
partner-warn = Don Allah ku gargaɗi mutanen da kuke taimakawa cewa saƙonnin ƙarya da sunanmu na iya zuwa.
