-- Lenses that a project keeps: with a name to come back to, or without one as the address of a view to share.
CREATE TABLE lenses (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT,
    audience TEXT NOT NULL,
    lens TEXT NOT NULL,
    compare_by TEXT,
    -- Of a lens without a name: for whom it is and a hash of what it says, so that there is one of each.
    address TEXT,
    revision BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, id),
    UNIQUE (project_id, address)
);
