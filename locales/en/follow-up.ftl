### New facts about an incident of which people were told before.

follow-up = This is a new notice about what happened to our computers, and it replaces the earlier one.
# $org (text): name of the organisation.
follow-up-short = { $org }: we have more to tell you about the people who broke into our computers and reached information about you.
