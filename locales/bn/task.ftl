### What crosses the wire for a team. Machine draft, for people to revise and approve.

task = আপনার দলের জন্য একটি কাজ আছে: কাজের তালিকায় { $reference } খুলুন।
