-- Changes that HQ holds sealed, by its signed word, and whose own receipt has not come yet: they are not on this phone only.
CREATE TABLE sealed_at_hq (
  change_id BLOB PRIMARY KEY NOT NULL CHECK (length(change_id) = 32)
) STRICT, WITHOUT ROWID;
