ALTER TABLE attachments DROP COLUMN found_type;
DROP TABLE webhook_attempts;
DROP TABLE webhook_messages;
DROP TABLE webhooks;
