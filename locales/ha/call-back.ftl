### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Saƙo zuwa gare ka
neutral-from = Saƙo daga { $name }.
neutral-hello = Sannu, wannan saƙo ne zuwa gare ka.
neutral-call = Don Allah ka kira { $hotline }.
neutral-call-offices = Don Allah ka kira lambar da aka nuna a ofishinmu.
neutral-never = Ba ma neman kuɗi ko kalmar sirri.
neutral-code = Idan ka kira, faɗi { $reference }.
voice-open = Sannu, danna { $key } lokacin da za ka iya saurare ba tare da wani ya ji ba.
voice-again = Domin sake saurare, danna { $key }.
team-when = Ka tambayi wace hanya kuma wane lokaci ne mutumin zai iya magana lafiya.
third-party = Sannu, zan sake kira daga baya, na gode.
