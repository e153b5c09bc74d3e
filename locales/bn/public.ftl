### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = যাঁদের তথ্য আমরা রাখি তাঁদের সবার প্রতি
public-who = এই নোটিশ { $org } থেকে।
public-groups = এটি { $discovered } পর্যন্ত আমাদের কাছে থাকা তথ্য নিয়ে: যাঁরা আত্মীয়দের খোঁজেন, যাঁদের খোঁজা হয়, যে শিশুরা একা ছিল, আটক মানুষ, অন্য যাঁদের আমরা সাহায্য করি, এবং আমাদের কর্মী ও স্বেচ্ছাসেবক।
