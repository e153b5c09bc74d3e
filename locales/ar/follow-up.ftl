### New facts. Machine draft, for people to revise and approve.

follow-up = هذا إشعار جديد بشأن ما حدث لأجهزتنا، وهو يحل محل الإشعار السابق.
follow-up-short = { $org }: لدينا المزيد لنخبرك به عن الذين دخلوا إلى أجهزتنا ووصلوا إلى معلومات عنك.
