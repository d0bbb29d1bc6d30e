-- The first schema of the ledger. Landed: never edited; what changes is a new file.
-- Times are milliseconds of HQ's clock. Ids are 16 bytes, hashes 32.

CREATE TABLE staff (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    roles INTEGER NOT NULL,
    password TEXT,
    added_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE device (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    person BLOB NOT NULL REFERENCES staff (id),
    certificate BLOB NOT NULL,
    enrolled_ms INTEGER NOT NULL,
    heard_ms INTEGER
) STRICT;

-- Derived from the code one way: who copies the ledger can't print the code.
CREATE TABLE code (
    ticket BLOB PRIMARY KEY CHECK (length(ticket) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32),
    person BLOB NOT NULL REFERENCES staff (id),
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER,
    device BLOB
) STRICT;

CREATE TABLE session (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    sign_in BLOB NOT NULL UNIQUE CHECK (length(sign_in) = 16),
    staff BLOB NOT NULL REFERENCES staff (id),
    csrf TEXT NOT NULL,
    begun_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    ended_ms INTEGER
) STRICT;

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE,
    at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
CREATE INDEX attempt_by_name ON attempt (name, at_ms);

-- Backups leave this table out; without its row a case's sealed bytes are noise.
CREATE TABLE case_key (
    case_id BLOB PRIMARY KEY CHECK (length(case_id) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE push (
    id BLOB PRIMARY KEY CHECK (length(id) = 32),
    device BLOB NOT NULL REFERENCES device (id),
    epoch INTEGER NOT NULL,
    dev_seq INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    statement BLOB NOT NULL,
    receipt BLOB NOT NULL,
    received_ms INTEGER NOT NULL
) STRICT;
-- One chain a phone and epoch, without forks.
CREATE UNIQUE INDEX push_by_device ON push (device, epoch, dev_seq);

-- Bytes of pushes that are not whole yet; rows go when the push is whole.
CREATE TABLE part (
    device BLOB NOT NULL,
    push BLOB NOT NULL CHECK (length(push) = 32),
    start INTEGER NOT NULL,
    total INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    kept_ms INTEGER NOT NULL,
    PRIMARY KEY (device, push, start)
) STRICT;

-- One actor's consecutive changes of one half of one case. HQ's own runs name no push.
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    push BLOB REFERENCES push (id),
    leaf INTEGER,
    salt BLOB,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    half INTEGER NOT NULL CHECK (half IN (0, 1)),
    actor BLOB NOT NULL CHECK (length(actor) = 16),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_change BLOB NOT NULL CHECK (length(last_change) = 32),
    device BLOB NOT NULL,
    person BLOB NOT NULL,
    roles INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    state INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3)),
    code TEXT,
    decided_ms INTEGER
) STRICT;
CREATE INDEX run_by_actor ON run (case_id, half, actor, last_seq);
CREATE INDEX run_by_state ON run (state, id) WHERE state <> 1;

-- What phones pull, in commit order: the cursor is given inside the one write transaction.
CREATE TABLE feed (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2, 3)),
    run INTEGER UNIQUE REFERENCES run (id),
    case_id BLOB,
    device BLOB,
    body BLOB,
    serial INTEGER UNIQUE,
    added_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX feed_by_case ON feed (case_id, cursor) WHERE kind = 0;
CREATE UNIQUE INDEX feed_one_assignment ON feed (device, case_id) WHERE kind = 3;

CREATE TABLE nonce (
    device BLOB NOT NULL,
    nonce BLOB NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (device, nonce)
) STRICT;
CREATE INDEX nonce_by_expiry ON nonce (expires_ms);

CREATE TABLE protocol (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    questionnaire BLOB NOT NULL,
    rules BLOB,
    added_ms INTEGER NOT NULL
) STRICT;

-- Pages as they were displayed, sealed under the case's key.
CREATE TABLE shown (
    id BLOB PRIMARY KEY CHECK (length(id) = 32),
    case_id BLOB NOT NULL,
    staff BLOB NOT NULL,
    text_hash BLOB NOT NULL CHECK (length(text_hash) = 32),
    sealed BLOB NOT NULL,
    shown_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE signed_review (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    case_id BLOB NOT NULL,
    shown BLOB NOT NULL REFERENCES shown (id),
    statement BLOB NOT NULL,
    signed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX signed_review_by_case ON signed_review (case_id, signed_ms);

CREATE TABLE draft (
    staff BLOB NOT NULL,
    case_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    saved_ms INTEGER NOT NULL,
    PRIMARY KEY (staff, case_id)
) STRICT;

CREATE TABLE alert (
    case_id BLOB NOT NULL,
    since_ms INTEGER NOT NULL,
    rung INTEGER NOT NULL,
    level TEXT NOT NULL,
    claimed_ms INTEGER NOT NULL,
    outcome TEXT,
    PRIMARY KEY (case_id, since_ms, rung)
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    staff BLOB,
    sign_in BLOB,
    verb TEXT NOT NULL,
    case_id BLOB,
    code TEXT
) STRICT;

-- The log says what arrived. Only what became of it may change; nothing leaves.
CREATE TRIGGER push_stays BEFORE DELETE ON push BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER push_is_fixed BEFORE UPDATE ON push BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER run_stays BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER run_is_fixed BEFORE UPDATE OF id, push, leaf, salt, case_id, half, actor, first_seq, last_seq,
    last_change, device, person, roles, received_ms, sealed ON run
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER run_merges_once BEFORE UPDATE OF state ON run WHEN OLD.state = 1 AND NEW.state <> 1
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER feed_stays BEFORE DELETE ON feed BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER feed_is_fixed BEFORE UPDATE ON feed BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_is_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER signed_review_stays BEFORE DELETE ON signed_review BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER signed_review_is_fixed BEFORE UPDATE ON signed_review BEGIN SELECT RAISE(ABORT, 'append-only'); END;
