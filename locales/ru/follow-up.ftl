### New facts. Machine draft, for people to revise and approve.

follow-up = Это новое уведомление о том, что случилось с нашими компьютерами, и оно заменяет прежнее.
follow-up-short = { $org }: нам есть что добавить о тех, кто проник в наши компьютеры и получил данные о вас.
