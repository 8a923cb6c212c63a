-- People who log in.
CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL CONSTRAINT users_email_unique UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    may_create_projects BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP
);

-- A login on one device; its refresh tokens rotate.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Only hashes; a token that is used twice revokes its session.
CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Failed attempts by hashed account or address.
CREATE TABLE throttles (
    key TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    window_started_at TIMESTAMP NOT NULL
);

CREATE TABLE projects (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    change BIGINT NOT NULL,
    rebuild_change BIGINT NOT NULL,
    threshold_population INTEGER NOT NULL,
    threshold_cell INTEGER NOT NULL,
    asked_population INTEGER,
    asked_cell INTEGER,
    asked_reason TEXT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE memberships (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    ends_on DATE,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE invitations (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    ends_on DATE,
    code_hash TEXT NOT NULL CONSTRAINT invitations_code_unique UNIQUE,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    accepted_at TIMESTAMP,
    revoked_at TIMESTAMP,
    PRIMARY KEY (project_id, id)
);

-- Personal access tokens for external tools, bound to one project.
CREATE TABLE api_tokens (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL CONSTRAINT api_tokens_hash_unique UNIQUE,
    scopes TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP,
    PRIMARY KEY (project_id, id)
);

CREATE TABLE frameworks (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    published_at TIMESTAMP,
    PRIMARY KEY (project_id, version)
);

CREATE TABLE waves (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    label TEXT NOT NULL,
    opens_on DATE,
    closes_on DATE,
    state TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, key),
    CONSTRAINT waves_ordinal_unique UNIQUE (project_id, ordinal)
);

-- Whom the study follows: a pseudonym with attributes, nothing else.
CREATE TABLE participants (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    first_wave TEXT,
    status TEXT NOT NULL,
    exit_reason TEXT,
    exit_month TEXT,
    attributes TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, id),
    CONSTRAINT participants_code_unique UNIQUE (project_id, code)
);

CREATE TABLE participations (
    project_id TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    wave TEXT NOT NULL,
    state TEXT NOT NULL,
    attributes TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, participant_id, wave),
    FOREIGN KEY (project_id, participant_id) REFERENCES participants (project_id, id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, wave) REFERENCES waves (project_id, key)
);

-- Who tells. The link to a participant is in a table of its own.
CREATE TABLE tellers (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    perspective TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP,
    PRIMARY KEY (project_id, id),
    CONSTRAINT tellers_code_unique UNIQUE (project_id, code)
);

CREATE TABLE teller_links (
    project_id TEXT NOT NULL,
    teller_id TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, teller_id, participant_id),
    FOREIGN KEY (project_id, teller_id) REFERENCES tellers (project_id, id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, participant_id) REFERENCES participants (project_id, id) ON DELETE CASCADE
);

-- A one-time code that a facilitator exchanges for a device token.
CREATE TABLE enrolments (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    facilitator TEXT NOT NULL,
    wave TEXT NOT NULL,
    perspectives TEXT NOT NULL,
    code_hash TEXT NOT NULL CONSTRAINT enrolments_code_unique UNIQUE,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    revoked_at TIMESTAMP,
    PRIMARY KEY (project_id, id)
);

CREATE TABLE devices (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    facilitator TEXT NOT NULL,
    wave TEXT NOT NULL,
    perspectives TEXT NOT NULL,
    token_hash TEXT NOT NULL CONSTRAINT devices_token_unique UNIQUE,
    app_version TEXT,
    created_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP,
    revoked_at TIMESTAMP,
    PRIMARY KEY (project_id, id)
);

-- Where a story stands now. Its bodies are in story_versions and never change.
CREATE TABLE stories (
    project_id TEXT NOT NULL REFERENCES projects (id),
    id TEXT NOT NULL,
    change BIGINT NOT NULL,
    hash TEXT NOT NULL,
    status TEXT NOT NULL,
    held TEXT NOT NULL,
    version INTEGER NOT NULL,
    released_version INTEGER,
    workgroup_permitted BOOLEAN NOT NULL,
    framework_version INTEGER NOT NULL,
    wave TEXT NOT NULL,
    perspective TEXT NOT NULL,
    participant_id TEXT,
    teller_id TEXT,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    facts TEXT NOT NULL,
    received_at TIMESTAMP NOT NULL,
    device_id TEXT,
    PRIMARY KEY (project_id, id)
);
-- No index but the primary key begins with the project: PostgreSQL checks foreign keys with the plan it made while the
-- table was empty, and would read all stories of the project for every new one.
CREATE INDEX stories_by_change ON stories (change, project_id, id);
CREATE INDEX stories_by_participant ON stories (participant_id, project_id);

CREATE TABLE story_versions (
    project_id TEXT NOT NULL,
    story_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    reason TEXT,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, story_id, version),
    FOREIGN KEY (project_id, story_id) REFERENCES stories (project_id, id)
);

CREATE TABLE translations (
    project_id TEXT NOT NULL,
    story_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, story_id, version, language),
    FOREIGN KEY (project_id, story_id) REFERENCES stories (project_id, id)
);

CREATE TABLE attachments (
    project_id TEXT NOT NULL,
    story_id TEXT NOT NULL,
    id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    received_bytes BIGINT NOT NULL,
    completed_at TIMESTAMP,
    PRIMARY KEY (project_id, story_id, id),
    FOREIGN KEY (project_id, story_id) REFERENCES stories (project_id, id)
);

-- Append only: who did what, on what, with what result.
CREATE TABLE audit_events (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT,
    at TIMESTAMP NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    action TEXT NOT NULL,
    subject TEXT,
    result TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_events_by_project ON audit_events (project_id, at, id);
