-- How long what is kept, where a project chose otherwise than the standard; no days: until the project ends.
CREATE TABLE retention_rules (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    class TEXT NOT NULL,
    days INTEGER,
    reason TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, class)
);

-- What was removed when its time was over: the proof.
CREATE TABLE retention_runs (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    class TEXT NOT NULL,
    ran_at TIMESTAMP NOT NULL,
    cutoff TIMESTAMP NOT NULL,
    removed BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    ran_by TEXT NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX retention_runs_by_time ON retention_runs (project_id, ran_at, id);

ALTER TABLE projects ADD COLUMN reported_on DATE;
ALTER TABLE attachments ADD COLUMN removed_at TIMESTAMP;
ALTER TABLE story_versions ADD COLUMN text_removed_at TIMESTAMP;

-- Who asked that their data are only kept, and not used.
ALTER TABLE participants ADD COLUMN restricted_at TIMESTAMP;
ALTER TABLE tellers ADD COLUMN restricted_at TIMESTAMP;
