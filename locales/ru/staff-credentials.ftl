### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Ваш логин и пароль к нашим системам похищены.
staff-reset = Выберите новый пароль везде, где у вас был такой же.
staff-watch = Проверьте свои собственные учётные записи: нет ли там того, чего вы не делали.
staff-security = Когда позвоните, попросите наше контактное лицо по безопасности.
