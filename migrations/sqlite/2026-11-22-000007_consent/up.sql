-- Texts that people agree to. A row never changes; better words are the next version.
CREATE TABLE consent_texts (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    purpose TEXT,
    texts TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, key, version)
);

-- Who agreed to what, when and how. Rows are only added: a withdrawal is a row that refers to an earlier one.
CREATE TABLE consent_records (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    person_kind TEXT NOT NULL,
    person_id TEXT NOT NULL,
    decision TEXT NOT NULL,
    scope TEXT,
    refers_to TEXT,
    text_key TEXT,
    text_version INTEGER,
    language TEXT,
    decided_at TIMESTAMP NOT NULL,
    way TEXT,
    taken_by TEXT,
    representative TEXT NOT NULL,
    under_sixteen BOOLEAN NOT NULL,
    guardianship BOOLEAN NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, id),
    FOREIGN KEY (project_id, text_key, text_version) REFERENCES consent_texts (project_id, key, version),
    FOREIGN KEY (project_id, refers_to) REFERENCES consent_records (project_id, id)
);
CREATE INDEX consent_records_by_person ON consent_records (project_id, person_kind, person_id);

-- How to reach a participant, encrypted. Nothing but its own two files reads it.
CREATE TABLE contact_vault (
    project_id TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, participant_id),
    FOREIGN KEY (project_id, participant_id) REFERENCES participants (project_id, id) ON DELETE CASCADE
);

-- What a project does with personal data and why: one document for each project.
CREATE TABLE processings (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id)
);

-- Whether what still comes in is removed, and since when somebody knows that others tell about them.
ALTER TABLE participants ADD COLUMN remove_future BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE participants ADD COLUMN informed_on DATE;
ALTER TABLE participants ADD COLUMN informed_by TEXT;
ALTER TABLE participants ADD COLUMN informed_way TEXT;
ALTER TABLE tellers ADD COLUMN remove_future BOOLEAN NOT NULL DEFAULT FALSE;
