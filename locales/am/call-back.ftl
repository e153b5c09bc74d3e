### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = ለእርስዎ መልእክት
neutral-from = ከ{ $name } የመጣ መልእክት።
neutral-hello = ሰላም፣ ይህ ለእርስዎ የመጣ መልእክት ነው።
neutral-call = እባክዎ በ{ $hotline } ይደውሉልን።
neutral-call-offices = እባክዎ በቢሯችን በተለጠፈው ቁጥር ይደውሉ።
neutral-never = ገንዘብ ወይም የይለፍ ቃል አንጠይቅም።
neutral-code = ሲደውሉ { $reference } ይበሉ።
voice-open = ሰላም፣ ሌላ ሰው ሳይሰማ ማዳመጥ ሲችሉ { $key } ይጫኑ።
voice-again = ደግመው ለመስማት { $key } ይጫኑ።
team-when = ሰውዬው በደህና ለመነጋገር የትኛው መንገድና ሰዓት እንደሚሻል ይጠይቁ።
third-party = ሰላም፣ በኋላ እንደገና እደውላለሁ፣ አመሰግናለሁ።
