ALTER TABLE tellers DROP COLUMN restricted_at;
ALTER TABLE participants DROP COLUMN restricted_at;
ALTER TABLE story_versions DROP COLUMN text_removed_at;
ALTER TABLE attachments DROP COLUMN removed_at;
ALTER TABLE projects DROP COLUMN reported_on;
DROP TABLE retention_runs;
DROP TABLE retention_rules;
