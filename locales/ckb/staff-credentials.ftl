### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = ناوی چوونەژوورەوە و وشەی نهێنیی تۆ لە سیستەمەکانمان بران.
staff-reset = لە هەموو ئەو شوێنانەی هەمان وشەی نهێنیت هەبوو، وشەیەکی نهێنیی نوێ هەڵبژێرە.
staff-watch = لە هەژمارەکانی خۆت بگەڕێ بزانە شتێک هەیە تۆ نەتکردبێت.
staff-security = کاتێک تەلەفۆن دەکەیت، داوای بەرپرسی ئاسایشمان بکە.
