ALTER TABLE sessions DROP COLUMN provider_factor;
DROP TABLE oidc_logins;
DROP TABLE identities;
