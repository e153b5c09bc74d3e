### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Повідомлення для вас
neutral-from = Вам пише { $name }.
neutral-hello = Добрий день, це повідомлення для вас.
neutral-call = Будь ласка, зателефонуйте: { $hotline }.
neutral-call-offices = Будь ласка, зателефонуйте на номер, указаний у нашому офісі.
neutral-never = Ми не просимо грошей чи паролів.
neutral-code = Назвіть код { $reference }.
voice-open = Добрий день, натисніть { $key }, коли зможете слухати так, щоб ніхто не чув.
voice-again = Щоб прослухати ще раз, натисніть { $key }.
team-when = Запитайте, у який спосіб і в який час людині безпечно говорити.
third-party = Добрий день, я зателефоную ще раз пізніше, дякую.
