DROP TABLE attachment_parts;
