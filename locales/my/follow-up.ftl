### New facts. Machine draft, for people to revise and approve.

follow-up = ဤသည်မှာ ကျွန်ုပ်တို့ ကွန်ပျူတာများတွင် ဖြစ်ခဲ့သည့်အကြောင်း အသိပေးစာအသစ်ဖြစ်ပြီး ယခင်စာကို အစားထိုးသည်။
follow-up-short = { $org }- သင့်အချက်အလက် ရသွားသူများအကြောင်း ပြောစရာ ထပ်ရှိသည်။
