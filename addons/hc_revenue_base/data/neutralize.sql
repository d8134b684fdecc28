-- A copy of the database must not speak for the original: its secrets are gone, and the
-- guarded HTTP client refuses every call while `database.is_neutralized` is set.
DELETE FROM hc_secret_value;
