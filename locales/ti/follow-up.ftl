### New facts. Machine draft, for people to revise and approve.

follow-up = እዚ ብዛዕባ ንኮምፒተራትና ዘጋጠመ ሓድሽ መፍለጢ እዩ፤ ነቲ ናይ ቅድም ድማ ይትክእ።
follow-up-short = { $org }፦ ብዛዕባ ናብ ኮምፒተራትና ኣትዮም ሓበሬታኹም ዝረኸቡ ሰባት ተወሳኺ እንነግረኩም ኣለና።
