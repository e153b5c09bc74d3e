### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = መልእኽቲ ንዓኹም
neutral-from = መልእኽቲ ካብ { $name }።
neutral-hello = ሰላም፣ እዚ ንዓኹም ዝመጸ መልእኽቲ እዩ።
neutral-call = በጃኹም ብ{ $hotline } ደውሉልና።
neutral-call-offices = በጃኹም በቲ ኣብ ቤት ጽሕፈትና ዝተለጠፈ ቁጽሪ ደውሉ።
neutral-never = ገንዘብ ወይ ቃል ምሕላፍ ኣይንሓትትን።
neutral-code = ክትድውሉ ከለኹም { $reference } በሉ።
voice-open = ሰላም፣ ካልእ ሰብ ከይሰምዐ ክትሰምዑ ምስ እትኽእሉ { $key } ጠውቑ።
voice-again = ደጊምኩም ንምስማዕ { $key } ጠውቑ።
team-when = እቲ ሰብ ብውሕስነት ክዛረብ ኣየናይ መንገድን ግዜን ከም ዝሓይሽ ሕተቱ።
third-party = ሰላም፣ ጸኒሐ እንደገና ክድውል እየ፣ የቐንየለይ።
