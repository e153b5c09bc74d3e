### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Ji bo hemû kesên ku em agahiyên wan diparêzin
public-who = Ev agahdarî ji { $org } e.
public-groups = Ev li ser agahiyên ku heta { $discovered } li cem me bûn e: kesên ku li xizmên xwe digerin, kesên ku li wan tê gerîn, zarokên ku bi tenê bûn, kesên girtî, kesên din ên ku em alîkariya wan dikin, û karmend û xwebexşên me.
