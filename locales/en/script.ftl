### What a team says and does when it tells a person in private. The word "team" marks what is not read aloud.

team-heading = For the team, not to be read aloud
team-private = First make sure that nobody else can hear, and if that is not possible, end here and report it.
team-third = If someone else answers, say only that you will call again, without the name of the organisation.
team-voicemail = Leave a voicemail only if the task allows it, never with the name of the organisation, and do not redial by yourself.
team-identity = Make sure that you speak to the right person, without asking for personal details.
hang-up = You may end this call and call us on the number shown at our offices.
team-file = In private, open the file and tell the person which of their own information was taken.
team-words = Ask the person to say in their own words what happened and what they can do.
team-distress = If the person is upset, pause, listen, and offer the support named in the task.
team-paper = Leave no paper, unless the person asks for it and it is safe.
team-report = Report the result in the task.
team-child = Use simple words, and ask the child who should know about this.
team-survivor = Check safety first, offer the safety referral, and ask for a new safe way to reach the person.
team-detainee = Speak only in a private interview, never through guards, Red Cross Messages or the phone.
say-heading = What you say
child-happened = Some people got into computers without permission, and they could see things that were written about many people, and about you too.
child-fault = You did nothing wrong.
child-tell = If someone asks you about this or makes you afraid, tell a grown-up whom you trust.
child-choose = You can ask us anything, and you can say who should know.
sought-asked = Someone once asked us to look for you.
sought-choice = You may choose to receive nothing from us, and we share nothing about you unless you agree.
