### New facts. Machine draft, for people to revise and approve.

follow-up = ئەمە ئاگادارییەکی نوێیە دەربارەی ئەوەی بەسەر کۆمپیوتەرەکانمان هات، و جێی ئاگاداریی پێشوو دەگرێتەوە.
follow-up-short = { $org }: شتی نوێمان هەیە دەربارەی ئەوانەی دەستیان بە زانیاریی تۆ گەیشت.
