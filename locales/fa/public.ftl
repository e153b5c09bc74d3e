### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = به همه کسانی که اطلاعاتی از آنها نگه می‌داریم
public-who = این اطلاعیه از { $org } است.
public-groups = این درباره اطلاعاتی است که تا { $discovered } داشتیم، از کسانی که به دنبال بستگانشان هستند، کسانی که جستجو می‌شوند، کودکانی که تنها بودند، افراد بازداشت‌شده، دیگر کسانی که به آنها کمک می‌کنیم، و کارکنان و داوطلبان ما.
