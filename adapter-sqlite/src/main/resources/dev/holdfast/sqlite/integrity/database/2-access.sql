-- What keys may do of what their roles allow, and the audit.

ALTER TABLE access_key ADD COLUMN models TEXT NOT NULL DEFAULT '[]';
ALTER TABLE access_key ADD COLUMN max_in_flight INTEGER;
ALTER TABLE access_key ADD COLUMN requests_per_minute INTEGER;
ALTER TABLE access_key ADD COLUMN created_by TEXT;
ALTER TABLE access_key ADD COLUMN last_used_at INTEGER;
ALTER TABLE access_key ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX access_key_role ON access_key (role, id);

-- The text is what was sealed, byte for byte.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  mac BLOB NOT NULL
) STRICT;

-- The last record's number and mac, so that a tail that was cut off shows.
CREATE TABLE audit_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
