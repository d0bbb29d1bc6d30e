-- What else HQ sends: who holds which case, and entries that only a later version of the app can read.

-- The signed assignment of this phone to a case: 0 open, 1 standby, 2 ended. The latest counts.
CREATE TABLE assignments (
  case_id BLOB PRIMARY KEY NOT NULL CHECK (length(case_id) = 16),
  access INTEGER NOT NULL,
  made_ms INTEGER NOT NULL,
  signed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Entries of a kind that this version does not know: read after the next update.
CREATE TABLE unread_entries (
  position INTEGER PRIMARY KEY,
  feed_cursor INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

-- Whether HQ sent the protocol itself. One that was loaded from a file here is unknown there until HQ's administrator loads it too.
ALTER TABLE protocols ADD COLUMN at_hq INTEGER NOT NULL DEFAULT 0 CHECK (at_hq IN (0, 1));
