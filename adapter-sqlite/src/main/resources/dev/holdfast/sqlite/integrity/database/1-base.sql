-- Instants are integer microseconds since 1970. Ids are the domain's numbers. Enumerations are their names in lower case.

CREATE TABLE runtime (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  display_name TEXT,
  max_projection INTEGER NOT NULL,
  max_batch INTEGER NOT NULL,
  status TEXT NOT NULL,
  status_event_id INTEGER NOT NULL,
  last_worker_number INTEGER NOT NULL,
  running INTEGER NOT NULL,
  stopped INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  last_diagnostic_id INTEGER NOT NULL,
  diagnostics_kept INTEGER NOT NULL,
  diagnostics_dropped INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- What of a worker never changes.
CREATE TABLE worker (
  no INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  model TEXT,
  execution TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  request TEXT NOT NULL CHECK (json_valid(request))
) STRICT;
CREATE INDEX worker_owner ON worker (owner, no);

-- What every input changes of its worker: rows so narrow that a group of inputs to many workers dirties few pages.
-- All pending inputs of the worker have an id of at least first_pending.
CREATE TABLE head (
  no INTEGER PRIMARY KEY REFERENCES worker (no),
  status TEXT NOT NULL,
  transcript_length INTEGER NOT NULL,
  last_event_id INTEGER NOT NULL,
  last_enqueue_seq INTEGER NOT NULL,
  pending_inputs INTEGER NOT NULL,
  first_pending INTEGER NOT NULL
) STRICT;
CREATE INDEX head_status ON head (status, no);
CREATE INDEX head_pending ON head (no) WHERE pending_inputs > 0;

-- What turns change of their worker, from its first turn on.
CREATE TABLE session (
  no INTEGER PRIMARY KEY REFERENCES worker (no),
  head_revision INTEGER NOT NULL,
  checkpoint TEXT NOT NULL,
  context_start INTEGER NOT NULL,
  last_turn_index INTEGER NOT NULL,
  open_turn INTEGER,
  generation INTEGER NOT NULL,
  lease_owner TEXT,
  lease_incarnation TEXT,
  lease_token TEXT,
  lease_claimed_at INTEGER,
  lease_expires_at INTEGER
) STRICT;
CREATE INDEX session_open ON session (no) WHERE open_turn IS NOT NULL;
CREATE INDEX session_lease ON session (lease_owner, no) WHERE lease_token IS NOT NULL;

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  worker INTEGER,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT,
  data TEXT NOT NULL,
  note TEXT
) STRICT;
-- The acceptance of an input has the input's id, so the input's own index finds it: one index less for every input.
CREATE INDEX event_worker ON event (worker, id) WHERE worker IS NOT NULL AND name <> 'worker.input_accepted';

-- An input is also a transcript entry: its content is kept here, once. Its id, its place in the queue and its place in the
-- transcript grow together, so the order of the id is the order of all three.
CREATE TABLE input (
  id INTEGER PRIMARY KEY,
  worker INTEGER NOT NULL,
  enqueue_seq INTEGER NOT NULL,
  transcript_seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  turn INTEGER,
  claim_id TEXT,
  claim_token TEXT,
  claim_generation INTEGER,
  claimed_at INTEGER,
  ingress TEXT NOT NULL,
  enqueued_at INTEGER NOT NULL,
  source_key TEXT,
  options TEXT,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX input_worker ON input (worker, id);
CREATE UNIQUE INDEX input_source ON input (worker, source_key) WHERE source_key IS NOT NULL;

-- Transcript entries that no input brought.
CREATE TABLE entry (
  no INTEGER PRIMARY KEY,
  worker INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  role TEXT NOT NULL,
  event_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  turn INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  commit_no INTEGER NOT NULL,
  status TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_transcript ON entry (worker, seq);
CREATE INDEX entry_turn ON entry (turn, no);

CREATE TABLE turn (
  id INTEGER PRIMARY KEY,
  worker INTEGER NOT NULL,
  turn_index INTEGER NOT NULL,
  inputs TEXT NOT NULL,
  attempts TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deadline_at INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  outcome TEXT,
  reason TEXT,
  ended_at INTEGER,
  head_revision INTEGER
) STRICT;
CREATE UNIQUE INDEX turn_worker ON turn (worker, turn_index);

-- The records of one append, which have consecutive numbers.
CREATE TABLE output (
  no INTEGER PRIMARY KEY,
  turn INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  records TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX output_place ON output (turn, attempt, last_seq);

CREATE TABLE stamp (
  turn INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  commit_no INTEGER NOT NULL,
  worker INTEGER NOT NULL,
  hash TEXT NOT NULL,
  head_revision INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  sequences TEXT NOT NULL,
  checkpoint TEXT NOT NULL,
  PRIMARY KEY (turn, attempt, commit_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE remembered (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  object TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE diagnostic (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  note TEXT NOT NULL,
  worker INTEGER
) STRICT;
CREATE INDEX diagnostic_severity ON diagnostic (severity, id);

CREATE TABLE access_key (
  id TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  role TEXT NOT NULL,
  label TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  content INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE provider (
  name TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  backend_model TEXT NOT NULL,
  credential TEXT,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
