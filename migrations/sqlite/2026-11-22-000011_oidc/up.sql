-- Who else vouches for a person: an account at an identity provider. Subject is the provider's name for it, never an address.
CREATE TABLE identities (
    id TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    linked_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- Logins through the provider that are under way, for some minutes. Nothing in a row is enough to go on with one.
CREATE TABLE oidc_logins (
    handle_hash TEXT NOT NULL PRIMARY KEY,
    state_hash TEXT NOT NULL UNIQUE,
    browser_hash TEXT NOT NULL,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    sealed TEXT,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX oidc_logins_by_end ON oidc_logins (expires_at);

-- Whether the provider vouched for a second factor when a session began.
ALTER TABLE sessions ADD COLUMN provider_factor BOOLEAN NOT NULL DEFAULT FALSE;
