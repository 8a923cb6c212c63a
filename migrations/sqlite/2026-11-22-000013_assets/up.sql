-- Recorded questions, which frameworks name. They are small, and with the database they are in every backup.
CREATE TABLE framework_assets (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (project_id, name)
);
