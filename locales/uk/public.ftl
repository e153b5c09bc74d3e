### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Усім, чиї дані ми зберігаємо
public-who = Це повідомлення від { $org }.
public-groups = Ідеться про дані, які ми мали до { $discovered }, про людей, які шукають рідних, людей, яких шукають, дітей, які були самі, людей під вартою, інших людей, яким ми допомагаємо, а також наших працівників і волонтерів.
