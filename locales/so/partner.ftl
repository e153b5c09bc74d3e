### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Ku saabsan macluumaadka xiriirka ee aan ka hayno ururkiinna
partner-reached = Dadkii galay waxay akhrin kareen oo koobbi ka samayn kareen macluumaadka xiriirka ee ururkiinnu faafiyey: magaca, cinwaanka, taleefanka iyo iimaylka.
partner-warn = Fadlan uga diga dadka aad caawisaan in farriimo been ah ay magacayaga ku iman karaan.
