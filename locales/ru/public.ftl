### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Всем, чьи данные мы храним
public-who = Это уведомление от { $org }.
public-groups = Речь идёт о данных, которые были у нас до { $discovered }, о людях, которые ищут родных, о людях, которых ищут, о детях, которые были одни, о людях под стражей, о других людях, которым мы помогаем, и о наших сотрудниках и волонтёрах.
