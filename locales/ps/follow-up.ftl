### New facts. Machine draft, for people to revise and approve.

follow-up = دا د هغه څه په اړه نوې خبرتیا ده چې زموږ پر کمپیوټرونو وشول، او د پخوانۍ ځای نیسي.
follow-up-short = { $org }: د هغو کسانو په اړه نوې خبره شته چې ستاسو معلوماتو ته ورسېدل.
