### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = ለቡድንዎ ሥራ አለ፦ { $reference } በሥራ ዝርዝር ውስጥ ይክፈቱ።
