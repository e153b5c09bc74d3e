### The anonymous public notice. It names groups, never people or places.

public-title = To everyone whose information we hold
# $org (text): name of the organisation.
public-who = This notice is from { $org }.
# $discovered (text): date in words.
public-groups = It is about information that we held until { $discovered } about people who look for relatives, people who are looked for, children who were alone, people in detention, other people whom we help, and our staff and volunteers.
