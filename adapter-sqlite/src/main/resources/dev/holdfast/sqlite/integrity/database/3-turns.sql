-- Queued work, inputs for a turn that runs, checkpoint commits, the cancel of turns, and what holders tell of themselves.

-- The lease and the open turn move into the head: a step of a turn changes them together with the worker's counters, and
-- the checkpoint, which may be long, is written by commits only. Who asks for leases does so at a start, so an index of
-- them isn't worth what every grant and release would pay for it. Leases of before say nothing of their holder
-- and were granted for the usual time.
ALTER TABLE head ADD COLUMN queued_work INTEGER NOT NULL DEFAULT 0;
ALTER TABLE head ADD COLUMN last_claim_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE head ADD COLUMN last_turn_index INTEGER NOT NULL DEFAULT 0;
ALTER TABLE head ADD COLUMN open_turn INTEGER;
ALTER TABLE head ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE head ADD COLUMN lease_owner TEXT;
ALTER TABLE head ADD COLUMN lease_incarnation TEXT;
ALTER TABLE head ADD COLUMN lease_token TEXT;
ALTER TABLE head ADD COLUMN lease_liveness TEXT;
ALTER TABLE head ADD COLUMN lease_claimed_at INTEGER;
ALTER TABLE head ADD COLUMN lease_expires_at INTEGER;
ALTER TABLE head ADD COLUMN lease_ttl INTEGER;
UPDATE head SET last_turn_index = s.last_turn_index, open_turn = s.open_turn, generation = s.generation,
  lease_owner = s.lease_owner, lease_incarnation = s.lease_incarnation, lease_token = s.lease_token,
  lease_claimed_at = s.lease_claimed_at, lease_expires_at = s.lease_expires_at,
  lease_ttl = iif(s.lease_token IS NULL, NULL, 30000000)
  FROM session s WHERE s.no = head.no;
CREATE INDEX head_queued ON head (no) WHERE queued_work > 0;
-- By expiry, so that looking for turns that nobody runs passes by all that somebody does.
CREATE INDEX head_open ON head (lease_expires_at, no) WHERE open_turn IS NOT NULL;
-- What was there has context_start 0, as nothing could reset a context; from now on it is the index of a turn.
DROP INDEX session_open;
DROP INDEX session_lease;
ALTER TABLE session DROP COLUMN last_turn_index;
ALTER TABLE session DROP COLUMN open_turn;
ALTER TABLE session DROP COLUMN generation;
ALTER TABLE session DROP COLUMN lease_owner;
ALTER TABLE session DROP COLUMN lease_incarnation;
ALTER TABLE session DROP COLUMN lease_token;
ALTER TABLE session DROP COLUMN lease_claimed_at;
ALTER TABLE session DROP COLUMN lease_expires_at;

-- States: deferred, pending, claimed, bound, accepted, completed, cancelled. What waits for the next turn is found behind
-- the head's first_pending, without an index that every input would pay for; the rest is rare and has one.
ALTER TABLE input ADD COLUMN boundary TEXT;
ALTER TABLE input ADD COLUMN head_revision INTEGER;
UPDATE input SET head_revision = (SELECT t.head_revision FROM turn t WHERE t.id = input.turn) WHERE state = 'completed';
CREATE INDEX input_active ON input (worker, turn, id) WHERE state = 'pending';
CREATE INDEX input_held ON input (worker, id) WHERE state IN ('claimed', 'accepted');

-- The newest output number of an open turn's last attempt is the output's own.
ALTER TABLE turn ADD COLUMN batches TEXT NOT NULL DEFAULT '[]';
ALTER TABLE turn ADD COLUMN kept TEXT;
ALTER TABLE turn ADD COLUMN cancel TEXT;

ALTER TABLE stamp ADD COLUMN last_output_seq INTEGER NOT NULL DEFAULT 0;
UPDATE stamp SET last_output_seq = ifnull((SELECT o.last_seq FROM output o WHERE o.turn = stamp.turn
  ORDER BY o.attempt DESC, o.last_seq DESC LIMIT 1), 0);

CREATE TABLE admission (
  turn INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  commit_no INTEGER NOT NULL,
  head_revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  inputs TEXT NOT NULL,
  batches TEXT NOT NULL,
  PRIMARY KEY (turn, event_id)
) STRICT, WITHOUT ROWID;

-- States: waiting, claimed, bound, completed, cancelled. Without a claim claim_generation is 0, so that one index leads to
-- what is free and passes by what the live generation has claimed.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  worker INTEGER NOT NULL,
  enqueue_seq INTEGER NOT NULL,
  state TEXT NOT NULL,
  turn INTEGER,
  claim_id TEXT,
  claim_token TEXT,
  claim_generation INTEGER NOT NULL,
  claimed_at INTEGER,
  policy TEXT NOT NULL,
  slot TEXT NOT NULL,
  merge_key TEXT,
  available_at INTEGER NOT NULL,
  enqueued_at INTEGER NOT NULL,
  source_key TEXT,
  items TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX batch_worker ON batch (worker, enqueue_seq);
CREATE UNIQUE INDEX batch_source ON batch (worker, source_key) WHERE source_key IS NOT NULL;
CREATE INDEX batch_free ON batch (worker, claim_generation, enqueue_seq, available_at)
  WHERE state IN ('waiting', 'claimed');
CREATE INDEX batch_open ON batch (worker, enqueue_seq) WHERE state IN ('waiting', 'claimed', 'bound');
