-- Staged rows lie in the order of the file, in which they come and are applied: by their random keys every batch would
-- touch pages all over the table.
ALTER TABLE staging DROP CONSTRAINT staging_pkey, ADD PRIMARY KEY (import, row_no);
