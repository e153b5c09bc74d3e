-- Staged rows lie in blocks, a row of this table for hundreds of the file: one by one they cost the database more than
-- reading and sealing them. What is staged already becomes blocks of one row (the form is that of `import/block.rs`).
ALTER TABLE staging RENAME TO staging_by_row;
CREATE TABLE staging (
    import BLOB NOT NULL,
    first_row INTEGER NOT NULL,
    last_row INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    block BLOB NOT NULL,
    PRIMARY KEY (import, first_row)
) STRICT;
INSERT INTO staging
SELECT import, row_no, row_no, 1, unhex(hex(ephemeral) || printf('%08X', key_version) || printf('%016X', row_no)
    || hex(record_key) || hex(content_hash) || hex(record)
    || printf('%08X', length(wrapped_key)) || hex(wrapped_key)
    || printf('%08X', length(identity)) || hex(identity)
    || printf('%08X', length(contact)) || hex(contact)
    || printf('%08X', length(protection)) || hex(protection)
    || printf('%08X', length(free_text)) || hex(free_text))
FROM staging_by_row;
DROP TABLE staging_by_row;
