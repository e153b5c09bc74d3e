### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = پیامی برای شما
neutral-from = پیام از { $name }.
neutral-hello = سلام، این پیامی برای شماست.
neutral-call = لطفاً با ما تماس بگیرید: { $hotline }
neutral-call-offices = لطفاً با شماره‌ای که در دفتر ما نوشته شده تماس بگیرید.
neutral-never = ما هرگز پول یا رمز نمی‌خواهیم.
neutral-code = هنگام تماس { $reference } را بگویید.
voice-open = سلام، هر وقت می‌توانید بی آنکه کسی بشنود گوش کنید، { $key } را فشار بدهید.
voice-again = برای شنیدن دوباره { $key } را فشار بدهید.
team-when = بپرسید چه راهی و چه وقتی برای گپ با این فرد امن است.
third-party = سلام، بعداً دوباره زنگ می‌زنم، تشکر.
