### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = به همه کسانی که معلوماتی از آنها نگه می‌داریم
public-who = این اطلاعیه از { $org } است.
public-groups = این درباره معلوماتی است که تا { $discovered } داشتیم، از کسانی که به دنبال خویشاوندان شان هستند، کسانی که جستجو می‌شوند، اطفالی که تنها بودند، افراد توقیف‌شده، دیگر کسانی که به آنها کمک می‌کنیم، و کارمندان و رضاکاران ما.
