### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = ንስርዓታትና ዘለኩም ናይ መእተዊ ስምን ቃል ምሕላፍን ተወሲዱ።
staff-reset = ነቲ ቃል ምሕላፍ ኣብ ዝተጠቐምኩምሉ ኩሉ ቦታ ሓድሽ ምረጹ።
staff-watch = ኣብ ናይ ገዛእ ርእስኹም ሕሳባት ንስኹም ዘይገበርኩምዎ ነገር እንተሎ ርኣዩ።
staff-security = ክትድውሉ ከለኹም ንሓላፊ ድሕንነትና ሕተቱ።
