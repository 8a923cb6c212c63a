-- Addresses outside that a project tells what happens.
CREATE TABLE webhooks (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP,
    disabled_reason TEXT NOT NULL,
    PRIMARY KEY (project_id, id)
);

-- What is to be told, written with the deed. Many deeds in one slot are one message. The amount counts them.
CREATE TABLE webhook_messages (
    project_id TEXT NOT NULL,
    id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    slot TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    amount BIGINT NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP,
    attempts INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (project_id, id),
    UNIQUE (project_id, webhook_id, slot),
    FOREIGN KEY (project_id, webhook_id) REFERENCES webhooks (project_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_messages_due ON webhook_messages (due_at);

-- What came of each attempt to tell it.
CREATE TABLE webhook_attempts (
    project_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at TIMESTAMP NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    PRIMARY KEY (project_id, message_id, number),
    FOREIGN KEY (project_id, message_id) REFERENCES webhook_messages (project_id, id) ON DELETE CASCADE
);

-- What the first bytes of a file that came from outside show it to be.
ALTER TABLE attachments ADD COLUMN found_type TEXT;
