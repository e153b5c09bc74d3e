### The neutral call-back. It must not show what it is about, nor that anything has happened.

neutral-subject = A message for you
# $name (text): the organisation's name where it may be used, or the label agreed with the person.
neutral-from = Message from { $name }.
neutral-hello = Hello, this is a message for you.
# $hotline (text): phone number as published.
neutral-call = Please call us on { $hotline }.
neutral-call-offices = Please call us on the number shown at our office.
neutral-never = We never ask for money or passwords.
# $reference (text): code that our staff can check, e.g. "K7M4Q-X9T2L".
neutral-code = When you call, give the code { $reference }.

# $key (text): a key of the telephone.
voice-open = Hello, press { $key } when you can listen in private.
voice-again = To hear this again, press { $key }.
team-when = Ask which way and which time to speak is safe for the person.
# Said to somebody else who answers. It names nobody and no organisation.
third-party = Hello, I will call again later, thank you.
