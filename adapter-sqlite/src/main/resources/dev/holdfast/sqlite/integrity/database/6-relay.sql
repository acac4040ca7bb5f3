-- Providers are public or virtual; beside them publishers, tasks that are kept, and what calls used.

-- The id of a provider that was kept before providers had ids is null: it follows from the name. The model is the one that
-- callers name: the pool, or the name of a provider that is in none.
CREATE TABLE provider_6 (
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('public', 'virtual')),
  id TEXT,
  owner TEXT NOT NULL,
  model TEXT NOT NULL,
  pool TEXT,
  api_type TEXT NOT NULL,
  backend_model TEXT NOT NULL,
  tier TEXT NOT NULL,
  description TEXT,
  visibility TEXT NOT NULL,
  max_in_flight INTEGER NOT NULL,
  wake_within INTEGER,
  artifact_digest TEXT,
  enabled INTEGER NOT NULL,
  url TEXT,
  credential TEXT,
  version INTEGER,
  publisher TEXT,
  status TEXT,
  heard_at INTEGER,
  inactive_since INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO provider_6 (name, kind, owner, model, api_type, backend_model, tier, visibility, max_in_flight, enabled, url,
  credential, version, created_at, updated_at)
  SELECT name, 'public', 'default', name, 'openai', backend_model, 'fast', 'shared', 4, 1, url, credential, 1, created_at,
    created_at FROM provider;
DROP TABLE provider;
ALTER TABLE provider_6 RENAME TO provider;
CREATE INDEX provider_model ON provider (model, name);
CREATE INDEX provider_publisher ON provider (publisher, name) WHERE publisher IS NOT NULL;

CREATE TABLE publisher (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  label TEXT,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  links_opened INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The record is the task's own, with its request and its result; the other columns are what tasks are looked for by.
CREATE TABLE inference_task (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  open INTEGER NOT NULL,
  enqueued_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX inference_task_owner ON inference_task (owner, id);
CREATE INDEX inference_task_open ON inference_task (enqueued_at, id) WHERE open = 1;

CREATE TABLE usage_record (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  request TEXT NOT NULL,
  key TEXT,
  model TEXT NOT NULL,
  provider TEXT,
  mode TEXT NOT NULL,
  outcome TEXT NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  estimated INTEGER NOT NULL,
  first_token INTEGER,
  total INTEGER NOT NULL
) STRICT;
