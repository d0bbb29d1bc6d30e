-- The first vault. Everything the phone knows; all tables STRICT.

-- Single facts about this vault: enrolment, cursor, the push chain. The value's first byte is its format's version.
CREATE TABLE facts (
  name TEXT PRIMARY KEY NOT NULL,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a case for lists and search. The level is a cache of the derivation, never the truth.
CREATE TABLE cases (
  case_id BLOB PRIMARY KEY NOT NULL CHECK (length(case_id) = 16),
  title TEXT NOT NULL,
  level_words TEXT NOT NULL,
  level_token TEXT NOT NULL,
  queue_rank INTEGER NOT NULL,
  contested INTEGER NOT NULL CHECK (contested IN (0, 1)),
  unsent INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_rank ON cases (queue_rank, updated_ms);

-- A half of a case: its snapshot if it was compacted, and the heads that a load must come to.
CREATE TABLE halves (
  case_id BLOB NOT NULL REFERENCES cases (case_id),
  half INTEGER NOT NULL CHECK (half IN (0, 1)),
  heads BLOB NOT NULL CHECK (length(heads) % 32 = 0),
  snapshot BLOB,
  snapshot_heads BLOB CHECK (length(snapshot_heads) % 32 = 0),
  PRIMARY KEY (case_id, half),
  CHECK ((snapshot IS NULL) = (snapshot_heads IS NULL))
) STRICT;

-- Changes not in a snapshot, in the order in which they came.
CREATE TABLE changes (
  position INTEGER PRIMARY KEY,
  change_id BLOB NOT NULL UNIQUE CHECK (length(change_id) = 32),
  case_id BLOB NOT NULL REFERENCES cases (case_id),
  half INTEGER NOT NULL CHECK (half IN (0, 1)),
  actor BLOB NOT NULL CHECK (length(actor) = 16),
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (case_id, half, actor, seq)
) STRICT;

-- The unsent mark: a row until HQ's receipt covers the change. `packed` once it is in a push, since it may have left the phone then.
-- Apart from the log, since HQ may lose what a snapshot already covers.
CREATE TABLE unsent (
  case_id BLOB NOT NULL REFERENCES cases (case_id),
  half INTEGER NOT NULL CHECK (half IN (0, 1)),
  actor BLOB NOT NULL CHECK (length(actor) = 16),
  seq INTEGER NOT NULL,
  change_id BLOB CHECK (length(change_id) = 32),
  packed INTEGER NOT NULL CHECK (packed IN (0, 1)),
  PRIMARY KEY (case_id, half, actor, seq)
) STRICT, WITHOUT ROWID;

-- Who an actor is. Own actors have no device: they are whoever this phone is enrolled as.
CREATE TABLE actors (
  case_id BLOB NOT NULL REFERENCES cases (case_id),
  half INTEGER NOT NULL CHECK (half IN (0, 1)),
  actor BLOB NOT NULL CHECK (length(actor) = 16),
  device BLOB CHECK (length(device) = 16),
  person BLOB CHECK (length(person) = 16),
  roles INTEGER,
  PRIMARY KEY (case_id, half, actor),
  CHECK ((device IS NULL) = (person IS NULL) AND (device IS NULL) = (roles IS NULL))
) STRICT, WITHOUT ROWID;

-- What HQ said that it holds durably, one row an actor of a half.
CREATE TABLE receipts (
  case_id BLOB NOT NULL CHECK (length(case_id) = 16),
  half INTEGER NOT NULL CHECK (half IN (0, 1)),
  actor BLOB NOT NULL CHECK (length(actor) = 16),
  last_seq INTEGER NOT NULL,
  last_change BLOB NOT NULL CHECK (length(last_change) = 32),
  state INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (case_id, half, actor)
) STRICT, WITHOUT ROWID;

-- Runs from HQ whose dependencies are not here yet; tried again at every arrival. At most one row a run.
CREATE TABLE waiting_runs (
  position INTEGER PRIMARY KEY,
  case_id BLOB NOT NULL CHECK (length(case_id) = 16),
  half INTEGER NOT NULL CHECK (half IN (0, 1)),
  actor BLOB NOT NULL CHECK (length(actor) = 16),
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  last_change BLOB NOT NULL CHECK (length(last_change) = 32),
  device BLOB NOT NULL CHECK (length(device) = 16),
  person BLOB NOT NULL CHECK (length(person) = 16),
  roles INTEGER NOT NULL,
  held INTEGER NOT NULL,
  changes BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  UNIQUE (case_id, half, actor, first_seq, last_change)
) STRICT;

-- Every protocol that was ever on the shelf: none in use may go.
CREATE TABLE protocols (
  hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
  key TEXT NOT NULL,
  questionnaire BLOB NOT NULL,
  rules BLOB,
  origin INTEGER NOT NULL,
  added_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The push being sent, whole, so that a cut exchange goes on with the same bytes. At most one.
CREATE TABLE push (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  push_id BLOB NOT NULL,
  dev_seq INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

-- Reads, exports and unlocks. A write is audited by its own change.
CREATE TABLE audit (
  position INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  act INTEGER NOT NULL,
  case_id BLOB CHECK (length(case_id) = 16)
) STRICT;
