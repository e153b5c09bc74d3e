### New facts. Machine draft, for people to revise and approve.

follow-up = Hili ni tangazo jipya kuhusu yaliyotokea kwa kompyuta zetu, na linachukua nafasi ya lile la awali.
follow-up-short = { $org }: tuna zaidi ya kukuambia kuhusu watu walioingia kwenye kompyuta zetu na kupata taarifa zako.
