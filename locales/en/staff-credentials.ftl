### For staff and volunteers whose logins were taken.

staff-reached = Your login name and password for our systems were taken.
staff-reset = Choose a new password everywhere you used the same one.
staff-watch = Look in your own accounts for anything that you did not do.
staff-security = Ask for our security contact when you call.
