### New facts. Machine draft, for people to revise and approve.

follow-up = এটি আমাদের কম্পিউটারে যা ঘটেছে সে বিষয়ে নতুন নোটিশ, আর এটি আগেরটির জায়গা নেয়।
follow-up-short = { $org }: যারা আপনার তথ্য পেয়েছে তাদের বিষয়ে নতুন কথা আছে।
