### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Magacaaga gelitaanka iyo eraygaaga sirta ah ee nidaamyadayada waa la qaatay.
staff-reset = Meel kasta oo aad isla erayga ku isticmaashay ka dooro erey sir ah oo cusub.
staff-watch = Ka eeg akoonnadaada gaarka ah wax aanad adigu samayn.
staff-security = Marka aad wacdo, weydii qofka nooga masuulka ah amniga.
