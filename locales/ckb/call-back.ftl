### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = پەیامێک بۆ تۆ
neutral-from = پەیام لە { $name }.
neutral-hello = سڵاو، ئەمە پەیامێکە بۆ تۆ.
neutral-call = تکایە تەلەفۆن بکە: { $hotline }
neutral-call-offices = تکایە تەلەفۆن بۆ ئەو ژمارەیە بکە کە لە نووسینگەکەمان نووسراوە.
neutral-never = داوای پارە و وشەی نهێنی ناکەین.
neutral-code = لە تەلەفۆندا { $reference } بڵێ.
voice-open = سڵاو، کاتێک دەتوانیت بەبێ ئەوەی کەس گوێی لێ بێت گوێ بگریت، { $key } دابگرە.
voice-again = بۆ گوێگرتن دووبارە { $key } دابگرە.
team-when = بپرسە چ ڕێگایەک و چ کاتێک بۆ قسەکردن لەگەڵ ئەم کەسە ئارامە.
third-party = سڵاو، دواتر دووبارە پەیوەندی دەکەمەوە، سوپاس.
