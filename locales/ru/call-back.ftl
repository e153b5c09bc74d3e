### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = Сообщение для вас
neutral-from = Сообщение от { $name }.
neutral-hello = Здравствуйте, это сообщение для вас.
neutral-call = Пожалуйста, позвоните: { $hotline }.
neutral-call-offices = Пожалуйста, позвоните по номеру, указанному в нашем офисе.
neutral-never = Мы не просим денег или паролей.
neutral-code = Назовите код { $reference }.
voice-open = Здравствуйте, нажмите { $key }, когда сможете слушать так, чтобы никто не слышал.
voice-again = Чтобы прослушать ещё раз, нажмите { $key }.
team-when = Спросите, каким способом и в какое время человеку безопасно говорить.
third-party = Здравствуйте, я перезвоню позже, спасибо.
