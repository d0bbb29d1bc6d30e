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

-- What a revoked phone sends with a higher number is kept for a person. There is no way back: who has it again enrols anew.
CREATE TABLE revocation (
    device BLOB PRIMARY KEY REFERENCES device (id),
    last_seq INTEGER NOT NULL,
    revoked_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER revocation_stays BEFORE DELETE ON revocation BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER revocation_is_fixed BEFORE UPDATE ON revocation BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- How far each phone has come, by its own word.
CREATE TABLE pulled (
    device BLOB PRIMARY KEY REFERENCES device (id),
    cursor INTEGER NOT NULL
) STRICT;

-- Records that came sealed, outside any push. State 0: taken, 1: held for a person, 2: it does not open. Of one that opened only what
-- proves it is kept here, because its changes are in the log under their cases' keys; one that did not is kept whole.
CREATE TABLE sealed_record (
    id BLOB PRIMARY KEY CHECK (length(id) = 32),
    device BLOB NOT NULL CHECK (length(device) = 16),
    kept BLOB NOT NULL,
    size INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    code TEXT,
    received_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX sealed_record_aside ON sealed_record (device, size) WHERE state <> 0;
CREATE TABLE sealed_run (
    run INTEGER PRIMARY KEY REFERENCES run (id),
    record BLOB NOT NULL REFERENCES sealed_record (id)
) STRICT;
CREATE TABLE sealed_change (
    change BLOB NOT NULL CHECK (length(change) = 32),
    record BLOB NOT NULL REFERENCES sealed_record (id),
    PRIMARY KEY (change, record)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sealed_record_stays BEFORE DELETE ON sealed_record BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sealed_record_is_fixed BEFORE UPDATE ON sealed_record WHEN OLD.state <> 2
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER sealed_run_stays BEFORE DELETE ON sealed_run BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- People, their second factor, and the chain of the audit.
ALTER TABLE audit ADD COLUMN about BLOB;
ALTER TABLE audit ADD COLUMN device BLOB;
ALTER TABLE audit ADD COLUMN detail TEXT;
-- Over this row and the hash of the one before. Rows from before the chain get theirs once, at the next start.
ALTER TABLE audit ADD COLUMN hash BLOB CHECK (length(hash) = 32);
DROP TRIGGER audit_is_fixed;
CREATE TRIGGER audit_is_fixed BEFORE UPDATE OF id, at_ms, staff, sign_in, verb, case_id, code, about, device, detail ON audit
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_hash_is_fixed BEFORE UPDATE OF hash ON audit WHEN OLD.hash IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- What HQ signed about the chain up to one row, with what the root says of the key.
CREATE TABLE audit_checkpoint (
    number INTEGER PRIMARY KEY,
    signed BLOB NOT NULL,
    key_set BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_checkpoint_stays BEFORE DELETE ON audit_checkpoint BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_checkpoint_is_fixed BEFORE UPDATE ON audit_checkpoint BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- What phones wrote down of their own use. A history that parts from what came before is a branch of its own.
CREATE TABLE phone_audit (
    device BLOB NOT NULL CHECK (length(device) = 16),
    branch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    case_id BLOB CHECK (length(case_id) = 16),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (device, branch, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER phone_audit_stays BEFORE DELETE ON phone_audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER phone_audit_is_fixed BEFORE UPDATE ON phone_audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- What a person has besides the password. It counts once it is confirmed, and no code works twice.
CREATE TABLE second_factor (
    staff BLOB PRIMARY KEY CHECK (length(staff) = 16),
    sealed BLOB NOT NULL,
    begun_ms INTEGER NOT NULL,
    confirmed_ms INTEGER,
    last_step INTEGER NOT NULL
) STRICT;
CREATE TABLE recovery_code (
    staff BLOB NOT NULL CHECK (length(staff) = 16),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    used_ms INTEGER,
    PRIMARY KEY (staff, hash)
) STRICT;
-- The password was right, the second factor has not been shown.
CREATE TABLE half_sign_in (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    staff BLOB NOT NULL CHECK (length(staff) = 16),
    begun_ms INTEGER NOT NULL
) STRICT;

-- Cases: who holds them, and which are gone.

-- How a phone holds a case from this entry on: 0 open, 1 standby, 2 ended, 3 shredded. Entries of before are open.
ALTER TABLE feed ADD COLUMN access INTEGER CHECK (access IN (0, 1, 2, 3));
CREATE INDEX feed_by_held ON feed (case_id, device, cursor) WHERE kind = 3;
-- Who is to hold which case, in the order in which it was decided: the last row of a person counts, for every phone of theirs.
-- `staff` is who decided; none where the case's own team did, or a rule.
CREATE TABLE holder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    person BLOB NOT NULL CHECK (length(person) = 16),
    access INTEGER NOT NULL CHECK (access IN (0, 1, 2)),
    staff BLOB,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX holder_by_case ON holder (case_id, person, id);
CREATE TRIGGER holder_stays BEFORE DELETE ON holder BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER holder_is_fixed BEFORE UPDATE ON holder BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- A supervisor's word about a broken glass, sealed under the case's key.
CREATE TABLE glass_review (
    glass BLOB PRIMARY KEY CHECK (length(glass) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    staff BLOB NOT NULL,
    sealed BLOB NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
-- Cases whose key was destroyed. None of them gets a key again.
CREATE TABLE shredded (
    case_id BLOB PRIMARY KEY CHECK (length(case_id) = 16),
    reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER shredded_stays BEFORE DELETE ON shredded BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER shredded_has_no_key BEFORE INSERT ON case_key
    WHEN EXISTS (SELECT 1 FROM shredded WHERE case_id = NEW.case_id) BEGIN SELECT RAISE(ABORT, 'shredded'); END;
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
