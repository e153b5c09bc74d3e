### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = আমাদের সিস্টেমে আপনার লগইন নাম ও পাসওয়ার্ড নেওয়া হয়েছে।
staff-reset = যেখানে যেখানে একই পাসওয়ার্ড ব্যবহার করেছেন সেখানে নতুন পাসওয়ার্ড দিন।
staff-watch = আপনার নিজের অ্যাকাউন্টে এমন কিছু আছে কি না দেখুন যা আপনি করেননি।
staff-security = ফোন করে আমাদের নিরাপত্তা কর্মীকে চান।
