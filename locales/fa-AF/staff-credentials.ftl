### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = نام کاربری و رمز عبور شما در سیستم‌های ما برده شد.
staff-reset = هر جا همین رمز عبور را داشتید، رمز تازه‌ای انتخاب کنید.
staff-watch = در حساب‌های خودتان ببینید آیا کاری شده که شما نکرده‌اید.
staff-security = هنگام تماس مسئول امنیتی ما را بخواهید.
