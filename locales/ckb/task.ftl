### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = ئەرکێک بۆ تیمەکەتان هەیە: { $reference } لە لیستی ئەرکەکاندا بکەنەوە.
