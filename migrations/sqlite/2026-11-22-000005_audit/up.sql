-- From where, coarsely; and the chain: every event gets a number and a hash over itself and the one before.
ALTER TABLE audit_events ADD COLUMN origin TEXT;
ALTER TABLE audit_events ADD COLUMN sequence BIGINT;
ALTER TABLE audit_events ADD COLUMN previous TEXT;
ALTER TABLE audit_events ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX audit_events_by_sequence ON audit_events (COALESCE(project_id, ''), sequence);
CREATE INDEX audit_events_unsealed ON audit_events (at, id) WHERE sequence IS NULL;
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, at, id);

-- The end of every chain; '' is that of the server. Its row is also the lock of whoever seals.
CREATE TABLE audit_chains (
    chain TEXT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_chains (chain, sequence, hash) VALUES ('', 0, '');

-- Append only: the one change is that an event is sealed, once.
CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit events are never removed');
END;
CREATE TRIGGER audit_events_same BEFORE UPDATE ON audit_events
WHEN OLD.sequence IS NOT NULL OR NEW.sequence IS NULL OR NEW.previous IS NULL OR NEW.hash IS NULL
    OR NEW.id IS NOT OLD.id OR NEW.project_id IS NOT OLD.project_id OR NEW.at IS NOT OLD.at
    OR NEW.actor_kind IS NOT OLD.actor_kind OR NEW.actor_id IS NOT OLD.actor_id OR NEW.action IS NOT OLD.action
    OR NEW.subject IS NOT OLD.subject OR NEW.result IS NOT OLD.result OR NEW.detail IS NOT OLD.detail
    OR NEW.origin IS NOT OLD.origin
BEGIN
    SELECT RAISE(ABORT, 'audit events are never changed');
END;
