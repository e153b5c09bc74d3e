-- When a recall was last sent. An index by state or `since`, which every step of an attempt changes, would make
-- PostgreSQL write all indexes anew at every step.
ALTER TABLE attempt ADD COLUMN recalled_at INTEGER;
UPDATE attempt SET recalled_at = since WHERE state = 'recalling';
DROP INDEX attempt_recalling;
CREATE INDEX attempt_recalling ON attempt (recalled_at) WHERE recalled_at IS NOT NULL;

-- What somebody did of late is counted before they may do it again: not by reading the whole audit.
CREATE INDEX audit_made ON audit (actor, what, at);
