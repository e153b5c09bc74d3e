### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = ስለ ድርጅትዎ ስለያዝነው የመገናኛ መረጃ
partner-reached = የገቡት ሰዎች ድርጅትዎ ያወጣውን የመገናኛ መረጃ ማንበብና መቅዳት ችለዋል፦ ስም፣ አድራሻ፣ ስልክ ቁጥርና ኢሜይል።
partner-warn = እባክዎ የሚረዷቸውን ሰዎች በእኛ ስም የሐሰት መልእክት ሊመጣ እንደሚችል ያስጠንቅቁ።
