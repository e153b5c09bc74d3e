### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = သင့်အဖွဲ့အတွက် တာဝန်တစ်ခု ရှိသည်- တာဝန်စာရင်းတွင် { $reference } ကို ဖွင့်ပါ။
