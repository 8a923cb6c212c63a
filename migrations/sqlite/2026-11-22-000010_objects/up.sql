-- Which objects hold what has come in of a file that is not whole yet, when attachments are in an object store.
CREATE TABLE attachment_parts (
    project_id TEXT NOT NULL,
    story_id TEXT NOT NULL,
    attachment_id TEXT NOT NULL,
    first_byte BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    object TEXT NOT NULL,
    PRIMARY KEY (project_id, story_id, attachment_id, first_byte),
    FOREIGN KEY (project_id, story_id, attachment_id) REFERENCES attachments (project_id, story_id, id) ON DELETE CASCADE
);
