### New facts. Machine draft, for people to revise and approve.

follow-up = Это новое уведомление о том, что случилось с нашими компьютерами, и оно заменяет прежнее.
follow-up-short = { $org }: есть новое о тех, кто получил данные о вас.
