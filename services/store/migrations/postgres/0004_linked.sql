-- The state of the records that the last linkage saw. Behind record_epoch: somebody has yet to look, bell or no bell.
ALTER TABLE incident ADD COLUMN linked_epoch bigint NOT NULL DEFAULT 1;
