-- Findings that a project keeps as they were computed, without ids of stories.
CREATE TABLE pins (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    audience TEXT NOT NULL,
    lens TEXT NOT NULL,
    finding TEXT NOT NULL,
    question TEXT NOT NULL,
    change BIGINT NOT NULL,
    note TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, id)
);
