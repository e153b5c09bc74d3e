-- How often a recall was sent, and those that nobody has answered.
ALTER TABLE attempt ADD COLUMN recalls integer NOT NULL DEFAULT 0;
CREATE INDEX attempt_recalling ON attempt (since) WHERE state = 'recalling';

-- Waits for its turn because its gateway's pace is slow, and for nothing else: it still belongs to its wave.
ALTER TABLE due ADD COLUMN paced boolean NOT NULL DEFAULT false;

-- Which numbered batches of receipts have come, by the key that signed them.
CREATE TABLE heard (
    society text NOT NULL,
    gateway_key text NOT NULL,
    runs text NOT NULL,
    gap_since bigint,
    PRIMARY KEY (society, gateway_key)
);
