### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = ትግርኛ
who = እዚ መልእኽቲ ካብ { $org } እዩ፤ ሓበሬታኦም ንዝሓዝናሎም ሰባት።
subject = ብዛዕባኹም ብዛዕባ ዝሓዝናዮ ሓበሬታ
happened-heading = እንታይ ኣጋጢሙ
happened = ኣብ { $started } ካብ ደገ ዝመጹ ሰባት ናብ ሓበሬታና ዘለዎም ኮምፒተራት ኣትዮም፤ ነዚ ድማ ኣብ { $discovered } ፈሊጥናዮ።
disconnected = ኣብ { $ended } ነዞም ኮምፒተራት ካብ መርበብ ኣላቒቕናዮም።
reached = እቶም ዝኣተዉ ሰባት ብዛዕባኹም ዘሎ ሓበሬታ ከንብቡን ክቐድሑን ክኢሎም።
published = ካብቲ ዝተወስደ ሓበሬታ ገለ ክፋል ንህዝቢ ተዘርጊሑ እዩ።
data-heading = ኣየናይ ሓበሬታ
data-confirmed = እቲ ዝተወስደ ሓበሬታ ነዚ የጠቓልል፦
data-possible = ነዚ እውን ከጠቓልል ይኽእል፦
data-kind =
    { $kind ->
        [name] ኣስማት
        [birth] ዕለትን ቦታን ልደት፣ ከምኡውን ጾታ
        [contact] ቁጽርታት ስልኪ፣ ኣድራሻታት ኢመይልን ኣድራሻታት ገዛን
        [family] ኣብ መንጎ ኣባላት ስድራቤት ዘሎ ዝምድና
        [case] ሰባት ዝነገሩናን ንሕና ብዛዕባኡ ዝጸሓፍናዮን
        [documents] ቅዳሕ ሰነዳት
        [credentials] ናይ መእተዊ ኣስማትን ቃላት ምሕላፍን
       *[other] ካልእ ሓበሬታ
    }
consequences-heading = እዚ እንታይ ማለት ክኸውን ይኽእል
consequences = ሓደ ሰብ ነዚ ሓበሬታ ተጠቒሙ ንዓና ክመስል፣ ገንዘብ ክሓትት ወይ ብዛዕባ ሰባት ዝያዳ ክፈልጥ ይኽእል።
measures-heading = እንታይ ጌርና
measure =
    { $kind ->
        [offline] ነቶም ኮምፒተራት ካብ መርበብ ኣውጺእናዮም።
        [rebuilt] ስራሕና ናብ ዝሓሸ ሓለዋ ዘለዎም ሓደስቲ ኮምፒተራት ኣሰጋጊርናዮ።
        [passwords_reset] ኩሎም ቃላት ምሕላፍ ቀይርና።
        [authorities_told] ንሓለዋ ውልቃዊ ሓበሬታ ዝከታተሉ ቤት ጽሕፈታት ኣፍሊጥና።
        [monitoring] ክኢላታት ቅዳሕ ናይቲ ሓበሬታ ይደልዩ ኣለዉ።
       *[other] ነቲ ጉድኣት ንምንካይ ንሰርሕ ኣለና።
    }
do-heading = ንስኹም እንታይ ክትገብሩ ትኽእሉ
do-pay = ብስምና ገንዘብ ንዝሓትት ሰብ ኣይትኽፈሉ፤ ኣገልግሎትና ብነጻ እዩ፣ ይቕጽል ድማ።
do-share = ብዛዕባ እዚ ንዝረኽበኩም ሰብ ውልቃዊ ሓበሬታ ኣይትሃቡ፤ እቲ መልእኽቲ ሓሶት ክኸውን ይኽእል።
do-tell = ብዛዕባ እዚ ሰብ እንተ ረኺቡኩም ወይ ውሕስነት እንተ ዘይተሰሚዑኩም ንገሩና፤ ምእንቲ ክንሕግዘኩም።
contact-heading = ንዓና ከመይ ጌርኩም ትረኽቡና
call = ብ{ $hotline } ካብ { $opens } { $opens_part ->
        [morning] ናይ ንግሆ
        [afternoon] ድሕሪ ቀትሪ
        [evening] ናይ ምሸት
        *[night] ናይ ለይቲ
    } ክሳብ { $closes } { $closes_part ->
        [morning] ናይ ንግሆ
        [afternoon] ድሕሪ ቀትሪ
        [evening] ናይ ምሸት
        *[night] ናይ ለይቲ
    } ክትድውሉልና ትኽእሉ።
call-offices = ካብ { $opens } { $opens_part ->
        [morning] ናይ ንግሆ
        [afternoon] ድሕሪ ቀትሪ
        [evening] ናይ ምሸት
        *[night] ናይ ለይቲ
    } ክሳብ { $closes } { $closes_part ->
        [morning] ናይ ንግሆ
        [afternoon] ድሕሪ ቀትሪ
        [evening] ናይ ምሸት
        *[night] ናይ ለይቲ
    } በቲ ኣብ ቤት ጽሕፈታትና ዝተለጠፈ ቁጽሪ ክትድውሉልና ትኽእሉ።
call-free = እቲ ደወል ብነጻ እዩ።
call-languages = እንዛረቦም ቋንቋታት፦ { $languages }።
contact-visit = ካልእ ግዜ ክንበጽሓኩም ከለና ብዛዕባ እዚ ክትሓቱና ትኽእሉ።
check = እዚ ሓቂ ምዃኑ ንምርግጋጽ፣ በቲ ኣብ ቤት ጽሕፈታትና ዝተለጠፈ ቁጽሪ ደውሉ እሞ ኮድ { $reference } ንገሩ።
never-ask = ገንዘብ፣ ቃል ምሕላፍ ወይ ውልቃዊ ሓበሬታ ፈጺምና ኣይንሓትትን፤ ሊንክ እውን ፈጺምና ኣይንሰድድን።
again = ሓድሽ ነገር እንተሎ ደጊምና ክንረኽበኩም ኢና።
sorry = በቲ ዘጋጠመ ንሓዝን፤ ናትኩም ጌጋ ድማ ኣይኮነን።
rights = ብዛዕባኹም እንታይ ሓበሬታ ከም ዝሓዝና ክትሓቱና፣ ከነእርሞ ወይ ክንድምስሶ እውን ክትሓቱና ትኽእሉ።
authority = ብዛዕባ ሓለዋ ሓበሬታ ንዘለኩም ሕቶን ጥርዓንን ናብ { $dpo } ክትከዱ ትኽእሉ።
version = እዚ ናይ { $asof } መፍለጢ { $version } እዩ፤ ኮድ { $reference }።
add-enquirer-data = ብዛዕባ ኣዝማድኩም ዝሃብኩምና ሓበሬታ ክህሉ ይኽእል።
add-enquirer-news = እዚ ብዛዕባ ኣዝማድኩም ዝመጸ ዜና ኣይኮነን።
add-enquirer-beware = ዜና ኣዝማድኩም ክሸጡልኩም ካብ ዝደልዩ ሰባት ተጠንቀቑ።
add-authorities = ሓበሬታኹም ንዝኾነ በዓል መዚ ኣይሃብናን።
add-released = ካባና ዝተቐበልኩምዎም ምስክር ወረቓቕትን ቅዳሕ ሰነዳትን ክህልዉ ይኽእሉ።
add-guardian = እዚ ነቲ ብዛዕባ ስድራቤትኩም ዝሓዝናዮ ሓበሬታ ይምልከት።
short-reached = { $org }፦ ካብ ደገ ዝመጹ ሰባት ናብ ኮምፒተራትና ኣትዮም ሓበሬታኹም ረኺቦም።
short-enquirer = ብዛዕባ ኣዝማድ ዝነገርኩምና ክህሉ ይኽእል፤ እዚ ዜናኦም ኣይኮነን፤ ዜና ካብ ዝኾነ ኣይትግዝኡ።
short-released = ካባና ዝተቐበልኩምዎም ሰነዳት ክህልዉ ይኽእሉ።
short-beware = ብስምና ናይ ሓሶት መልእኽቲ ክመጽእ ይኽእል።
short-call = ብ{ $hotline } ካብ { $opens } { $opens_part ->
        [morning] ናይ ንግሆ
        [afternoon] ድሕሪ ቀትሪ
        [evening] ናይ ምሸት
        *[night] ናይ ለይቲ
    } ክሳብ { $closes } { $closes_part ->
        [morning] ናይ ንግሆ
        [afternoon] ድሕሪ ቀትሪ
        [evening] ናይ ምሸት
        *[night] ናይ ለይቲ
    } ደውሉልና።
short-call-offices = ካብ { $opens } { $opens_part ->
        [morning] ናይ ንግሆ
        [afternoon] ድሕሪ ቀትሪ
        [evening] ናይ ምሸት
        *[night] ናይ ለይቲ
    } ክሳብ { $closes } { $closes_part ->
        [morning] ናይ ንግሆ
        [afternoon] ድሕሪ ቀትሪ
        [evening] ናይ ምሸት
        *[night] ናይ ለይቲ
    } ብቁጽሪ ቤት ጽሕፈታትና ደውሉ።
short-code = ኮድኩም፦ { $reference }
