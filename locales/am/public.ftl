### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = መረጃቸውን ለያዝንላቸው ሁሉ
public-who = ይህ ማስታወቂያ ከ{ $org } ነው።
public-groups = እስከ { $discovered } ድረስ ስለያዝነው መረጃ ነው፦ ዘመዶቻቸውን ስለሚፈልጉ ሰዎች፣ ስለሚፈለጉ ሰዎች፣ ብቻቸውን ስለነበሩ ልጆች፣ ስለ እስረኞች፣ ስለምንረዳቸው ሌሎች ሰዎች፣ ስለ ሠራተኞቻችንና በጎ ፈቃደኞቻችን።
