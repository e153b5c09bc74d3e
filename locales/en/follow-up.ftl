### New facts about an incident of which people were told before.

follow-up = This is a new notice about the break-in that we told you about, and it replaces the earlier one.
# $org (text): name of the organisation.
follow-up-short = { $org }: there is news about the break-in that reached information about you.
