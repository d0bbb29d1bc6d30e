-- How many transactions this vault has seen, and a hash over all of them: a mark beside the vault repeats both after each commit, so
-- that an older vault in this one's place is noticed.
CREATE TABLE commits (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  counter INTEGER NOT NULL,
  chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;
INSERT INTO commits (only_one, counter, chain) VALUES (1, 0, zeroblob(32));
