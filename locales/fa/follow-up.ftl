### New facts. Machine draft, for people to revise and approve.

follow-up = این اطلاعیه تازه‌ای است درباره آنچه برای کامپیوترهای ما پیش آمد، و جای اطلاعیه قبلی را می‌گیرد.
follow-up-short = { $org }: درباره کسانی که به اطلاعات شما دست یافتند حرف تازه‌ای داریم.
