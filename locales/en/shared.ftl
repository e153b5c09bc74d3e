### Sentences that several notices share. One message is one whole sentence; nothing is put together from parts.
### Variables are explained where they first appear. Never write a digit, a link, an address or a bidi control.

# The name of this language in this language.
language-name = English

# $org (text): name of the organisation that writes, e.g. "Exampleland Red Cross".
who = This message is from { $org }, for people whose information we hold.

# Subject of an e-mail and title of a letter.
subject = About the information that we hold about you

happened-heading = What happened
# $started, $discovered (text): dates in words, e.g. "9 November 2021".
happened = On { $started } people from outside broke into computers that hold our information, and we found this on { $discovered }.
# $ended (text): date in words.
disconnected = On { $ended } we disconnected these computers.
reached = The people who broke in were able to read and copy information about you.
published = Some of the information that was taken has been made public.

data-heading = Which information
data-confirmed = The information that was taken includes:
data-possible = It may also include:
# $kind (word): name, birth, contact, family, case, documents, credentials.
data-kind =
    { $kind ->
        [name] names
        [birth] dates and places of birth, and sex
        [contact] phone numbers, e-mail addresses and home addresses
        [family] how people in a family are related
        [case] what people told us, and what we wrote down about it
        [documents] copies of documents
        [credentials] login names and passwords
       *[other] other information
    }

consequences-heading = What this can mean
consequences = Someone can use this information to pretend to be us, to ask for money, or to find out more about people.

measures-heading = What we have done
# $kind (word): offline, rebuilt, passwords_reset, authorities_told, monitoring.
measure =
    { $kind ->
        [offline] We took the computers off the network.
        [rebuilt] We moved our work to new computers with stronger protection.
        [passwords_reset] We changed all passwords.
        [authorities_told] We told the offices that watch over the protection of personal information.
        [monitoring] Specialists are looking for copies of the information.
       *[other] We are working to limit the harm.
    }

do-heading = What you can do
do-pay = Do not pay anyone who asks for money in our name, because our services are free and they continue.
do-share = Do not give personal details to anyone who contacts you about this, because the message may be false.
do-tell = Tell us if someone contacts you about this or if you feel unsafe, so that we can help you.

contact-heading = How to reach us
# $hotline (text): phone number as published. $opens, $closes (text): time of day, e.g. "09:00".
call = You can call us on { $hotline }, from { $opens } to { $closes }.
call-offices = You can call us from { $opens } to { $closes } on the number shown at our offices.
call-free = The call is free.
# $languages (text): list of languages, each by its own name.
call-languages = We speak { $languages }.
contact-visit = You can ask us about this when we visit you again.
# $reference (text): code that our staff can check, e.g. "K7M4Q-X9T2L".
check = To check that this is real, call the number shown at our offices and say the code { $reference }.
never-ask = We never ask for money, passwords or personal details, and we never send links.
again = If there is more news, we will contact you again.
sorry = We are sorry that this happened, and it is not your fault.
rights = You can ask us what information we hold about you, and you can ask us to correct it or delete it.
# $dpo (text): an office, never a person.
authority = For questions and complaints about data protection, you can turn to { $dpo }.
# $version (text), $asof (text): date in words.
version = This is notice { $version } of { $asof }, code { $reference }.

add-enquirer-data = The information that you gave us about your relatives may be included.
add-enquirer-news = This is not news about your relatives.
add-enquirer-beware = Beware of people who offer to sell you news about your relatives.
add-authorities = We did not give your information to any authorities.
add-released = Certificates and copies of documents that you received from us may be included.
add-guardian = This is about the information that we hold about your family.

# The short ones go into text messages: plain letters, few words.
short-reached = { $org }: people from outside broke into our computers and reached information about you.
short-enquirer = What you told us about relatives may be included; this is no news about them; do not buy news.
short-released = Documents that you received from us may be included.
short-beware = False messages in our name may follow.
short-call = Call us on { $hotline } from { $opens } to { $closes }.
short-call-offices = Call us from { $opens } to { $closes } on the number shown at our offices.
short-code = Your code: { $reference }
