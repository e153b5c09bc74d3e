### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = ንጉጅለኹም ዕማም ኣሎ፦ { $reference } ኣብ ዝርዝር ዕማማት ክፈቱ።
