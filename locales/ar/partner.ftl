### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = بشأن بيانات الاتصال التي نحتفظ بها عن منظمتكم
partner-reached = تمكّن الذين دخلوا من قراءة ونسخ بيانات الاتصال التي نشرتها منظمتكم: الاسم والعنوان ورقم الهاتف والبريد الإلكتروني.
partner-warn = يرجى تنبيه الأشخاص الذين تساعدونهم إلى أن رسائل كاذبة باسمنا قد تصلهم.
