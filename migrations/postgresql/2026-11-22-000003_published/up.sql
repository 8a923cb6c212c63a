-- The workgroup reads what was published last, so that nobody can compare before and after a single story.
ALTER TABLE projects ADD COLUMN published_at TIMESTAMP;
ALTER TABLE projects ADD COLUMN published_change BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN frozen BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE stories ADD COLUMN published BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX stories_by_published ON stories (published, project_id);
