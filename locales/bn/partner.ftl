### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = আপনার সংস্থার যে যোগাযোগের তথ্য আমরা রাখি সে বিষয়ে
partner-reached = যারা ঢুকেছে তারা আপনার সংস্থার প্রকাশিত যোগাযোগের তথ্য পড়তে ও কপি করতে পেরেছে: নাম, ঠিকানা, ফোন নম্বর ও ইমেইল।
partner-warn = যাঁদের সাহায্য করেন তাঁদের দয়া করে সাবধান করুন যে আমাদের নামে মিথ্যা বার্তা আসতে পারে।
