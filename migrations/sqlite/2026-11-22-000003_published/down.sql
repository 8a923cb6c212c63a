DROP INDEX stories_by_published;
ALTER TABLE stories DROP COLUMN published;
ALTER TABLE projects DROP COLUMN frozen;
ALTER TABLE projects DROP COLUMN published_change;
ALTER TABLE projects DROP COLUMN published_at;
