-- The second schema: keys to seal to, leases and orders; who holds which case may change; what a lost phone sends afterwards.
-- Landed: never edited; what changes is a new file.

-- The feed with more kinds: 4 key set, 5 sealing keys (both for every phone), 6 lease, 7 order (both for one phone). A case may be
-- assigned to a phone more than once; the last entry counts.
CREATE TABLE new_feed (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2, 3, 4, 5, 6, 7)),
    run INTEGER UNIQUE REFERENCES run (id),
    case_id BLOB,
    device BLOB,
    body BLOB,
    serial INTEGER,
    added_ms INTEGER NOT NULL
) STRICT;
INSERT INTO new_feed SELECT cursor, kind, run, case_id, device, body, serial, added_ms FROM feed;
-- A cursor that was given once is never given again, not even one whose entry this file does not have.
DELETE FROM sqlite_sequence WHERE name = 'new_feed';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_feed', seq FROM sqlite_sequence WHERE name = 'feed';
DROP TABLE feed;
ALTER TABLE new_feed RENAME TO feed;
CREATE INDEX feed_by_case ON feed (case_id, cursor) WHERE kind = 0;
CREATE UNIQUE INDEX feed_by_serial ON feed (kind, serial) WHERE serial IS NOT NULL;
CREATE INDEX feed_by_assignment ON feed (device, case_id, cursor) WHERE kind = 3;
CREATE INDEX feed_by_device ON feed (device, cursor) WHERE device IS NOT NULL;
CREATE TRIGGER feed_stays BEFORE DELETE ON feed BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER feed_is_fixed BEFORE UPDATE ON feed BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Phones, their keys and what is ordered of them.

-- People, their second factor, and the chain of the audit.

-- Cases: who holds them, and which are gone.

-- Phones that came back from a backup, and keys that were seen in two places: what the phone signed is kept as evidence.
CREATE TABLE comeback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device BLOB NOT NULL REFERENCES device (id),
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    epoch INTEGER NOT NULL,
    evidence BLOB NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX comeback_by_device ON comeback (device, id);
CREATE TRIGGER comeback_stays BEFORE DELETE ON comeback BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER comeback_is_fixed BEFORE UPDATE ON comeback BEGIN SELECT RAISE(ABORT, 'append-only'); END;
