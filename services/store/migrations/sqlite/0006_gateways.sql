-- How often a recall was sent, and those that nobody has answered.
ALTER TABLE attempt ADD COLUMN recalls INTEGER NOT NULL DEFAULT 0;
CREATE INDEX attempt_recalling ON attempt (since) WHERE state = 'recalling';

-- Waits for its turn because its gateway's pace is slow, and for nothing else: it still belongs to its wave.
ALTER TABLE due ADD COLUMN paced INTEGER NOT NULL DEFAULT 0;

-- Which numbered batches of receipts have come, by the key that signed them.
CREATE TABLE heard (
    society TEXT NOT NULL,
    gateway_key TEXT NOT NULL,
    runs TEXT NOT NULL,
    gap_since INTEGER,
    PRIMARY KEY (society, gateway_key)
) STRICT, WITHOUT ROWID;
