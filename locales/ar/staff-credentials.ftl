### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = أُخذ اسم الدخول وكلمة السر الخاصان بك في أنظمتنا.
staff-reset = اختر كلمة سر جديدة في كل مكان استخدمت فيه الكلمة نفسها.
staff-watch = انظر في حساباتك الخاصة إن كان فيها شيء لم تفعله أنت.
staff-security = عند الاتصال اطلب مسؤول الأمن لدينا.
