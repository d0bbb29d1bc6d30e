-- Partner's phone: what proves another's changes without HQ, and the tokens that this phone shows.

-- The furthest proof of each actor. `hq_seq` is how far HQ's own word reaches: what is beyond it came from a partner only.
CREATE TABLE proofs (
  case_id BLOB NOT NULL CHECK (length(case_id) = 16),
  half INTEGER NOT NULL CHECK (half IN (0, 1)),
  actor BLOB NOT NULL CHECK (length(actor) = 16),
  last_seq INTEGER NOT NULL,
  last_change BLOB NOT NULL CHECK (length(last_change) = 32),
  hq_seq INTEGER NOT NULL,
  proof BLOB NOT NULL,
  PRIMARY KEY (case_id, half, actor)
) STRICT, WITHOUT ROWID;

-- Tokens shown to a partner and not used yet, each with the key that only its bundle is sealed to.
CREATE TABLE partner_tokens (
  nonce BLOB PRIMARY KEY NOT NULL CHECK (length(nonce) = 16),
  token BLOB NOT NULL,
  seed BLOB NOT NULL CHECK (length(seed) = 32),
  boot_id BLOB NOT NULL CHECK (length(boot_id) = 16),
  uptime_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
