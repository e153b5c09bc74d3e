### New facts. Machine draft, for people to revise and approve.

follow-up = Wannan sabuwar sanarwa ce game da abin da ya faru da kwamfutocinmu, kuma ta maye gurbin ta baya.
follow-up-short = { $org }: akwai ƙarin bayani game da waɗanda suka samu bayananka.
