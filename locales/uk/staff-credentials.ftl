### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = Ваш логін і пароль до наших систем викрадено.
staff-reset = Виберіть новий пароль усюди, де у вас був такий самий.
staff-watch = Перевірте свої власні облікові записи: чи немає там того, чого ви не робили.
staff-security = Коли зателефонуєте, попросіть нашу контактну особу з безпеки.
