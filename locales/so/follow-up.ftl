### New facts. Machine draft, for people to revise and approve.

follow-up = Tani waa ogeysiis cusub oo ku saabsan waxa ku dhacay kombiyuutarradayada, wuxuuna beddelayaa kii hore.
follow-up-short = { $org }: waxaan kuu haynaa war dheeraad ah oo ku saabsan dadkii galay kombiyuutarradayada ee helay xogtaada.
