-- Staged rows lie in blocks, a row of this table for hundreds of the file: one by one they cost the database more than
-- reading and sealing them. What is staged already becomes blocks of one row (the form is that of `import/block.rs`).
ALTER TABLE staging RENAME TO staging_by_row;
ALTER INDEX staging_pkey RENAME TO staging_by_row_pkey;
CREATE TABLE staging (
    import uuid NOT NULL,
    first_row bigint NOT NULL,
    last_row bigint NOT NULL,
    row_count integer NOT NULL,
    block bytea NOT NULL,
    PRIMARY KEY (import, first_row)
);
ALTER TABLE staging ALTER COLUMN block SET STORAGE EXTERNAL;
INSERT INTO staging
SELECT import, row_no, row_no, 1, ephemeral || int4send(key_version) || int8send(row_no) || record_key || content_hash
    || uuid_send(record)
    || int4send(length(wrapped_key)) || wrapped_key
    || int4send(length(identity)) || identity
    || int4send(length(contact)) || contact
    || int4send(length(protection)) || protection
    || int4send(length(free_text)) || free_text
FROM staging_by_row;
DROP TABLE staging_by_row;
