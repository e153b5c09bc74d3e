-- Of a row that is set aside, the record that it is about, where that much could be read; empty: it could not. A record
-- that is known under it is in doubt until a row of its own is read again; that it was stays here.
-- A second row under one id that says the same raises no doubt.
ALTER TABLE quarantine ADD COLUMN record_key BLOB NOT NULL DEFAULT X'';
ALTER TABLE quarantine ADD COLUMN content_hash BLOB NOT NULL DEFAULT X'';
CREATE TABLE doubt (
    incident BLOB NOT NULL,
    record_key BLOB NOT NULL,
    import BLOB NOT NULL,
    open INTEGER NOT NULL,
    PRIMARY KEY (incident, record_key)
) STRICT, WITHOUT ROWID;
