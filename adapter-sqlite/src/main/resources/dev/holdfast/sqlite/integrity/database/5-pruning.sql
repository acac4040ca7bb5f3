-- Up to where rows were pruned. Nobody finds a row up to its mark any more, and whoever makes room removes it later, some at a
-- time.

CREATE TABLE pruned (
  worker INTEGER PRIMARY KEY,
  transcript INTEGER NOT NULL,
  work INTEGER NOT NULL,
  batches INTEGER NOT NULL,
  output INTEGER NOT NULL
) STRICT;

CREATE TABLE pruned_runtime (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  events INTEGER NOT NULL,
  audit_seq INTEGER NOT NULL,
  audit_mac BLOB NOT NULL
) STRICT;
