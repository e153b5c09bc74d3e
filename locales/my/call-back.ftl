### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = သင့်အတွက် သတင်းစကား
neutral-from = { $name } မှ သတင်းစကား။
neutral-hello = မင်္ဂလာပါ၊ ဒါ သင့်အတွက် သတင်းစကားပါ။
neutral-call = ဖုန်းခေါ်ပေးပါ- { $hotline }
neutral-call-offices = ကျွန်ုပ်တို့ရုံးတွင် ပြထားသော နံပါတ်သို့ ဖုန်းခေါ်ပေးပါ။
neutral-never = ငွေ၊ စကားဝှက် မတောင်းပါ။
neutral-code = ဖုန်းခေါ်လျှင် { $reference } ဟု ပြောပါ။
voice-open = မင်္ဂလာပါ၊ အခြားသူမကြားဘဲ နားထောင်နိုင်သောအခါ { $key } ကို နှိပ်ပါ။
voice-again = ထပ်နားထောင်ရန် { $key } ကို နှိပ်ပါ။
team-when = ဘယ်နည်းလမ်း၊ ဘယ်အချိန်တွင် ပြောလျှင် ထိုသူအတွက် လုံခြုံသည်ကို မေးပါ။
third-party = မင်္ဂလာပါ၊ နောက်မှ ထပ်ခေါ်ပါမယ်၊ ကျေးဇူးတင်ပါတယ်။
