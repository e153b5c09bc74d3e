-- Staged rows lie in the order of the file, in which they come and are applied: by their random keys every batch would
-- touch pages all over the table.
ALTER TABLE staging RENAME TO staged_by_key;
CREATE TABLE staging (
    import BLOB NOT NULL,
    record_key BLOB NOT NULL,
    row_no INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    record BLOB NOT NULL,
    ephemeral BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    identity BLOB NOT NULL,
    contact BLOB NOT NULL,
    protection BLOB NOT NULL,
    free_text BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    PRIMARY KEY (import, row_no)
) STRICT;
INSERT INTO staging SELECT * FROM staged_by_key;
DROP TABLE staged_by_key;
