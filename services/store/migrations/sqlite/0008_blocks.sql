-- Staged rows lie in blocks, a row of this table for hundreds of the file: one by one they cost the database more than
-- reading and sealing them. What was staged before is of the old form: its import is begun again, from the first row, by
-- whoever runs it next (`tidings doctor` names it); rows of it that are records already will count as unchanged.
UPDATE import SET state = 'staging' WHERE state = 'staged';
DELETE FROM quarantine WHERE import IN (SELECT id FROM import WHERE state = 'staging');
DROP TABLE staging;
CREATE TABLE staging (
    import BLOB NOT NULL,
    first_row INTEGER NOT NULL,
    last_row INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    block BLOB NOT NULL,
    PRIMARY KEY (import, first_row)
) STRICT;
