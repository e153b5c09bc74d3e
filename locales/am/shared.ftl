### Sentences that several notices share. Machine draft, for people to revise and approve.

language-name = አማርኛ
who = ይህ መልእክት ከ{ $org } ነው፤ መረጃቸውን ለያዝንላቸው ሰዎች።
subject = ስለ እርስዎ ስለያዝነው መረጃ
happened-heading = ምን ተፈጠረ
happened = በ{ $started } ከውጭ የመጡ ሰዎች መረጃችን ወዳለባቸው ኮምፒውተሮች ገቡ፤ ይህንንም በ{ $discovered } ደረስንበት።
disconnected = በ{ $ended } እነዚህን ኮምፒውተሮች ከኔትወርክ አላቀቅን።
reached = የገቡት ሰዎች ስለ እርስዎ ያለውን መረጃ ማንበብና መቅዳት ችለዋል።
published = ከተወሰደው መረጃ የተወሰነው በይፋ ወጥቷል።
data-heading = የትኛው መረጃ
data-confirmed = የተወሰደው መረጃ እነዚህን ያካትታል፦
data-possible = እነዚህንም ሊያካትት ይችላል፦
data-kind =
    { $kind ->
        [name] ስሞች
        [birth] የትውልድ ቀንና ቦታ፣ እና ጾታ
        [contact] ስልክ ቁጥሮች፣ የኢሜይል አድራሻዎችና የቤት አድራሻዎች
        [family] በቤተሰብ አባላት መካከል ያለ ዝምድና
        [case] ሰዎች የነገሩንና እኛ ስለዚያ የጻፍነው
        [documents] የሰነዶች ቅጂዎች
        [credentials] የመግቢያ ስሞችና የይለፍ ቃሎች
       *[other] ሌላ መረጃ
    }
consequences-heading = ይህ ምን ማለት ሊሆን ይችላል
consequences = አንድ ሰው ይህን መረጃ ተጠቅሞ እኛን ሊመስል፣ ገንዘብ ሊጠይቅ ወይም ስለ ሰዎች የበለጠ ሊያውቅ ይችላል።
measures-heading = ምን አደረግን
measure =
    { $kind ->
        [offline] ኮምፒውተሮቹን ከኔትወርክ አወጣን።
        [rebuilt] ሥራችንን የተሻለ ጥበቃ ወዳላቸው አዲስ ኮምፒውተሮች አዛወርን።
        [passwords_reset] ሁሉንም የይለፍ ቃሎች ቀየርን።
        [authorities_told] የግል መረጃ ጥበቃን ለሚከታተሉ ቢሮዎች አሳወቅን።
        [monitoring] ባለሙያዎች የመረጃውን ቅጂዎች እየፈለጉ ነው።
       *[other] ጉዳቱን ለመቀነስ እየሠራን ነው።
    }
do-heading = እርስዎ ምን ማድረግ ይችላሉ
do-pay = በእኛ ስም ገንዘብ ለሚጠይቅ ሰው አይክፈሉ፤ አገልግሎታችን ነጻ ነው፣ ይቀጥላልም።
do-share = በዚህ ጉዳይ ለሚያገኝዎ ሰው የግል መረጃ አይስጡ፤ መልእክቱ ሐሰት ሊሆን ይችላል።
do-tell = በዚህ ጉዳይ ሰው ካገኘዎ ወይም ደህንነት ካልተሰማዎ ይንገሩን፤ እንድንረዳዎ።
contact-heading = እኛን እንዴት ማግኘት ይችላሉ
call = በ{ $hotline } ከ{ $opens } { $opens_part ->
        [morning] በጠዋት
        [afternoon] ከሰዓት በኋላ
        [evening] በምሽት
        *[night] በሌሊት
    } እስከ { $closes } { $closes_part ->
        [morning] በጠዋት
        [afternoon] ከሰዓት በኋላ
        [evening] በምሽት
        *[night] በሌሊት
    } ሊደውሉልን ይችላሉ።
call-offices = ከ{ $opens } { $opens_part ->
        [morning] በጠዋት
        [afternoon] ከሰዓት በኋላ
        [evening] በምሽት
        *[night] በሌሊት
    } እስከ { $closes } { $closes_part ->
        [morning] በጠዋት
        [afternoon] ከሰዓት በኋላ
        [evening] በምሽት
        *[night] በሌሊት
    } በቢሮዎቻችን በተለጠፈው ቁጥር ሊደውሉልን ይችላሉ።
call-free = ጥሪው ነጻ ነው።
call-languages = የምንናገራቸው ቋንቋዎች፦ { $languages }።
contact-visit = ዳግም ስንጎበኝዎ ስለዚህ ሊጠይቁን ይችላሉ።
check = ይህ እውነት መሆኑን ለማረጋገጥ በቢሮዎቻችን በተለጠፈው ቁጥር ይደውሉና ኮዱን { $reference } ይናገሩ።
never-ask = ገንዘብ፣ የይለፍ ቃል ወይም የግል መረጃ ፈጽሞ አንጠይቅም፤ ሊንክም ፈጽሞ አንልክም።
again = አዲስ ነገር ካለ ደግመን እናገኝዎታለን።
sorry = በተፈጠረው ነገር እናዝናለን፤ የእርስዎ ጥፋትም አይደለም።
rights = ስለ እርስዎ ምን መረጃ እንደያዝን ሊጠይቁን፣ እንድናርመው ወይም እንድናጠፋውም ሊጠይቁን ይችላሉ።
authority = ስለ መረጃ ጥበቃ ለሚኖርዎ ጥያቄና ቅሬታ ወደ { $dpo } መሄድ ይችላሉ።
version = ይህ የ{ $asof } ማስታወቂያ { $version } ነው፤ ኮድ { $reference }።
add-enquirer-data = ስለ ዘመዶችዎ የሰጡን መረጃ ሊኖርበት ይችላል።
add-enquirer-news = ይህ ስለ ዘመዶችዎ የመጣ ዜና አይደለም።
add-enquirer-beware = ስለ ዘመዶችዎ ዜና ሊሸጡልዎ ከሚፈልጉ ሰዎች ይጠንቀቁ።
add-authorities = መረጃዎን ለማንኛውም የመንግሥት አካል አልሰጠንም።
add-released = ከእኛ የተቀበሏቸው የምስክር ወረቀቶችና የሰነድ ቅጂዎች ሊኖሩበት ይችላሉ።
add-guardian = ይህ ስለ ቤተሰብዎ የያዝነውን መረጃ ይመለከታል።
short-reached = { $org }፦ ከውጭ የመጡ ሰዎች ወደ ኮምፒውተሮቻችን ገብተው ስለ እርስዎ መረጃ አግኝተዋል።
short-enquirer = ስለ ዘመዶች የነገሩን ሊኖርበት ይችላል፤ ይህ የእነሱ ዜና አይደለም፤ ዜና ከማንም አይግዙ።
short-released = ከእኛ የተቀበሏቸው ሰነዶች ሊኖሩበት ይችላሉ።
short-beware = በእኛ ስም የሐሰት መልእክት ሊመጣ ይችላል።
short-call = በ{ $hotline } ከ{ $opens } { $opens_part ->
        [morning] በጠዋት
        [afternoon] ከሰዓት በኋላ
        [evening] በምሽት
        *[night] በሌሊት
    } እስከ { $closes } { $closes_part ->
        [morning] በጠዋት
        [afternoon] ከሰዓት በኋላ
        [evening] በምሽት
        *[night] በሌሊት
    } ይደውሉልን።
short-call-offices = ከ{ $opens } { $opens_part ->
        [morning] በጠዋት
        [afternoon] ከሰዓት በኋላ
        [evening] በምሽት
        *[night] በሌሊት
    } እስከ { $closes } { $closes_part ->
        [morning] በጠዋት
        [afternoon] ከሰዓት በኋላ
        [evening] በምሽት
        *[night] በሌሊት
    } በቢሮዎቻችን ቁጥር ይደውሉ።
short-code = ኮድዎ፦ { $reference }
