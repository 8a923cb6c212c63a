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
CREATE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.sequence IS NULL AND NEW.sequence IS NOT NULL AND NEW.previous IS NOT NULL AND NEW.hash IS NOT NULL
            AND (NEW.id, NEW.project_id, NEW.at, NEW.actor_kind, NEW.actor_id, NEW.action, NEW.subject, NEW.result, NEW.detail, NEW.origin)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.project_id, OLD.at, OLD.actor_kind, OLD.actor_id, OLD.action, OLD.subject, OLD.result, OLD.detail, OLD.origin)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'audit events are never changed';
    END IF;
    RAISE EXCEPTION 'audit events are never removed';
END;
$$;
CREATE TRIGGER audit_events_same BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_stay();
CREATE TRIGGER audit_events_stay BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay();
