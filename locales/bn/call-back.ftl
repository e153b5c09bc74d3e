### The neutral call-back: must not show what it is about. Machine draft, for people to revise and approve.

neutral-subject = আপনার জন্য একটি বার্তা
neutral-from = { $name } থেকে বার্তা।
neutral-hello = নমস্কার, এটি আপনার জন্য একটি বার্তা।
neutral-call = দয়া করে ফোন করুন: { $hotline }।
neutral-call-offices = দয়া করে আমাদের অফিসে দেখানো নম্বরে ফোন করুন।
neutral-never = আমরা টাকা বা পাসওয়ার্ড চাই না।
neutral-code = ফোন করে { $reference } বলুন।
voice-open = নমস্কার, অন্য কেউ না শুনলে এবং আপনি শুনতে পারলে { $key } চাপুন।
voice-again = আবার শুনতে { $key } চাপুন।
team-when = কোন উপায়ে ও কোন সময়ে কথা বলা ব্যক্তিটির জন্য নিরাপদ তা জিজ্ঞাসা করুন।
third-party = হ্যালো, আমি পরে আবার ফোন করব, ধন্যবাদ।
