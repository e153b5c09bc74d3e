### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = ብዛዕባ ትካልኩም ዝሓዝናዮ ናይ መራኸቢ ሓበሬታ
partner-reached = እቶም ዝኣተዉ ሰባት ትካልኩም ዘውጽኦ ናይ መራኸቢ ሓበሬታ ከንብቡን ክቐድሑን ክኢሎም፦ ስም፣ ኣድራሻ፣ ቁጽሪ ስልክን ኢመይልን።
partner-warn = በጃኹም ንእትሕግዝዎም ሰባት ብስምና ናይ ሓሶት መልእኽቲ ክመጽእ ከም ዝኽእል ኣጠንቅቑ።
