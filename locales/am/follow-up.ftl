### New facts. Machine draft, for people to revise and approve.

follow-up = ይህ በኮምፒውተሮቻችን ላይ ስለተፈጠረው ነገር አዲስ ማስታወቂያ ነው፤ የቀድሞውንም ይተካል።
follow-up-short = { $org }፦ ወደ ኮምፒውተሮቻችን ገብተው መረጃዎን ስላገኙት ሰዎች ተጨማሪ የምንነግርዎ አለን።
