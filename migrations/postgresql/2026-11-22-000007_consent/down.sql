ALTER TABLE tellers DROP COLUMN remove_future;
ALTER TABLE participants DROP COLUMN informed_way;
ALTER TABLE participants DROP COLUMN informed_by;
ALTER TABLE participants DROP COLUMN informed_on;
ALTER TABLE participants DROP COLUMN remove_future;
DROP TABLE processings;
DROP TABLE contact_vault;
DROP TABLE consent_records;
DROP TABLE consent_texts;
