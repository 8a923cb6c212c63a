-- What a phone said of itself when it last had signal: how many stories it keeps that are not delivered yet.
ALTER TABLE devices ADD COLUMN undelivered INTEGER;
ALTER TABLE devices ADD COLUMN undelivered_at TIMESTAMP;
ALTER TABLE devices ADD COLUMN undelivered_oldest_at TIMESTAMP;
ALTER TABLE devices ADD COLUMN storage_persisted BOOLEAN;

-- Key pairs under which phones close what they cannot deliver themselves. The private half is sealed with a key of the
-- secrets file. Older pairs stay: files that were closed with them may still come.
CREATE TABLE forward_keys (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    sealed TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (project_id, id)
);
