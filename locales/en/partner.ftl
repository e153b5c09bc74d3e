### For partner organisations, about contact details that they have published themselves.

partner-subject = About the contact details that we hold about your organisation
partner-reached = The people who broke in were able to read and copy the contact details that your organisation has published: its name, address, phone number and e-mail address.
partner-warn = Please warn the people whom you help that false messages in our name may come.
