### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Nav û şîfreya we ya ji bo pergalên me hatin birin.
staff-reset = Li her cihê ku we heman şîfre bi kar dianî şîfreyeke nû hilbijêrin.
staff-watch = Li hesabên xwe binêrin ka tiştek heye ku we nekiriye.
staff-security = Dema ku hûn telefon dikin, berpirsê me yê ewlehiyê bixwazin.
