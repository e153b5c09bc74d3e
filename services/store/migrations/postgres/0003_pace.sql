-- Where the limits of a gateway stand: how many messages may leave in a minute by channel, and in an hour by language of
-- the hotline. Counts only, no ids.
ALTER TABLE credit ADD COLUMN pace text NOT NULL DEFAULT '{}';
