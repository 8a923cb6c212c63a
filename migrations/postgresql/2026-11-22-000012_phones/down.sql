DROP TABLE forward_keys;
ALTER TABLE devices DROP COLUMN storage_persisted;
ALTER TABLE devices DROP COLUMN undelivered_oldest_at;
ALTER TABLE devices DROP COLUMN undelivered_at;
ALTER TABLE devices DROP COLUMN undelivered;
