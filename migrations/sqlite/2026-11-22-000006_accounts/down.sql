ALTER TABLE users DROP COLUMN last_used_at;
ALTER TABLE sessions DROP COLUMN device;
ALTER TABLE sessions DROP COLUMN last_used_at;
DROP TABLE access_reviews;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
