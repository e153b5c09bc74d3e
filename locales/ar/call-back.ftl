### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = رسالة لك
neutral-from = رسالة من { $name }.
neutral-hello = مرحبًا، هذه رسالة لك.
neutral-call = يرجى الاتصال بنا على { $hotline }.
neutral-call-offices = يرجى الاتصال بنا على الرقم المعلن في مكتبنا.
neutral-never = لا نطلب أبدًا مالًا ولا كلمات سر.
neutral-code = عند الاتصال اذكر { $reference }.
voice-open = مرحبًا، اضغط { $key } عندما يمكنك الاستماع دون أن يسمعك أحد.
voice-again = للاستماع مرة أخرى اضغط { $key }.
team-when = اسأل عن الطريقة والوقت الآمنين للتحدث مع الشخص.
third-party = مرحبا، سأتصل مرة أخرى لاحقا، شكرا.
