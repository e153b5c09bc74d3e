### New facts. Machine draft, for people to revise and approve.

follow-up = این اطلاعیه نو است درباره آنچه برای کمپیوترهای ما پیش آمد، و جای اطلاعیه قبلی را می‌گیرد.
follow-up-short = { $org }: درباره کسانی که به معلومات شما دست یافتند گپ نو داریم.
