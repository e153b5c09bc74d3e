### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = ሓበሬታኦም ንዝሓዝናሎም ኩሎም
public-who = እዚ መፍለጢ ካብ { $org } እዩ።
public-groups = ክሳብ { $discovered } ብዛዕባ ዝሓዝናዮ ሓበሬታ እዩ፦ ብዛዕባ ኣዝማዶም ዝደልዩ ሰባት፣ ዝድለዩ ሰባት፣ በይኖም ዝነበሩ ቆልዑ፣ እሱራት፣ ካልኦት እንሕግዞም ሰባት፣ ሰራሕተኛታትናን ወለንተኛታትናን።
