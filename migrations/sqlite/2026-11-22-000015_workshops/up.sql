-- Workshops: what a workgroup looked at, what people saw in it and what they think it means.
CREATE TABLE workshops (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    steps TEXT NOT NULL,
    step_key TEXT,
    step_started_at TIMESTAMP,
    step_minutes INTEGER,
    -- Number of the last change to anything in the workshop, and to its own fields.
    change BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, id)
);

-- What a workshop looks at: a finding as it was kept, without ids of stories, or a view of a figure.
CREATE TABLE workshop_exhibits (
    project_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    note TEXT NOT NULL,
    place INTEGER NOT NULL,
    pin_id TEXT,
    lens_id TEXT,
    signifier TEXT,
    audience TEXT NOT NULL,
    finding TEXT,
    lens TEXT NOT NULL,
    compare_by TEXT,
    revision BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, workshop_id, id),
    FOREIGN KEY (project_id, workshop_id) REFERENCES workshops (project_id, id) ON DELETE CASCADE
);

-- Observations on exhibits, interpretations of and ideas on observations.
CREATE TABLE workshop_items (
    project_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    exhibit_id TEXT,
    observation_id TEXT,
    text TEXT NOT NULL,
    strength TEXT,
    region TEXT,
    direction TEXT,
    revision BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, workshop_id, id),
    FOREIGN KEY (project_id, workshop_id) REFERENCES workshops (project_id, id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, workshop_id, exhibit_id)
        REFERENCES workshop_exhibits (project_id, workshop_id, id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, workshop_id, observation_id)
        REFERENCES workshop_items (project_id, workshop_id, id) ON DELETE CASCADE
);
CREATE INDEX workshop_items_of_exhibit ON workshop_items (project_id, workshop_id, exhibit_id);
CREATE INDEX workshop_items_of_observation ON workshop_items (project_id, workshop_id, observation_id);

CREATE TABLE workshop_clusters (
    project_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    place INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, workshop_id, id),
    FOREIGN KEY (project_id, workshop_id) REFERENCES workshops (project_id, id) ON DELETE CASCADE
);

-- Which interpretations are in which clusters.
CREATE TABLE workshop_cluster_items (
    project_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    cluster_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    PRIMARY KEY (project_id, workshop_id, cluster_id, item_id),
    FOREIGN KEY (project_id, workshop_id, cluster_id)
        REFERENCES workshop_clusters (project_id, workshop_id, id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, workshop_id, item_id) REFERENCES workshop_items (project_id, workshop_id, id) ON DELETE CASCADE
);
CREATE INDEX workshop_cluster_items_of_item ON workshop_cluster_items (project_id, workshop_id, item_id);

-- One for each person and item.
CREATE TABLE workshop_votes (
    project_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (project_id, workshop_id, item_id, user_id),
    FOREIGN KEY (project_id, workshop_id, item_id) REFERENCES workshop_items (project_id, workshop_id, id) ON DELETE CASCADE
);

-- Who is there at this moment, as each server process knows it; old rows mean nothing.
CREATE TABLE workshop_presence (
    project_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    server TEXT NOT NULL,
    user_id TEXT NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, workshop_id, server, user_id),
    FOREIGN KEY (project_id, workshop_id) REFERENCES workshops (project_id, id) ON DELETE CASCADE
);
