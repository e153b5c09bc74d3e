-- Of a row that is set aside, the record that it is about, where that much could be read; empty: it could not. A record
-- that is known under it is in doubt until a row of its own is read again; that it was stays here.
-- A second row under one id that says the same raises no doubt.
ALTER TABLE quarantine ADD COLUMN record_key bytea NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN content_hash bytea NOT NULL DEFAULT '';
CREATE TABLE doubt (
    incident uuid NOT NULL,
    record_key bytea NOT NULL,
    import uuid NOT NULL,
    open boolean NOT NULL,
    PRIMARY KEY (incident, record_key)
);
