-- The stores that belong to a run: a row of store_meta that says which run is active, and a table for each store.

-- Before the first launch has written the stores its high_watermark is 0, and nothing else is known.
CREATE TABLE store_meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  data_dir_id TEXT,
  epoch INTEGER NOT NULL,
  high_watermark INTEGER NOT NULL,
  run_id TEXT,
  capability_snapshot_id TEXT,
  behavior_fingerprint TEXT,
  last_batch_id TEXT,
  last_recovery_plan_id TEXT,
  updated_at INTEGER
) STRICT;
INSERT INTO store_meta (one, epoch, high_watermark) VALUES (1, 0, 0);

-- The envelope is the one that a file of the store would have, byte for byte, and the hash is of these bytes. Sequence,
-- batch and identities are those of who wrote it last.
CREATE TABLE launch_state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE session_index (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE launch_transaction (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE task_ledger (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE provider_table (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE engine_table (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE capability_snapshot (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE revision (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE artifact_index (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE journal_index (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
CREATE TABLE diagnostics (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sequence INTEGER NOT NULL,
  batch_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  capability_snapshot_id TEXT NOT NULL,
  behavior_fingerprint TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  envelope TEXT NOT NULL
) STRICT;
