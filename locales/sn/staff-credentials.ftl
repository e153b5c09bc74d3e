### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Zita rako rekupinda naro nepasiwedhi yako yemasisitimu edu zvakatorwa.
staff-reset = Sarudza pasiwedhi itsva pose pawaishandisa imwe chete iyi.
staff-watch = Tarisa maakaundi ako kuti uone kana pane zvausina kuita.
staff-security = Paunofona, kumbira munhu wedu anoona nezvekuchengeteka.
