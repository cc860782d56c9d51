-- Sign-ins at the dashboard. A session is as good as the key it was opened with, and no longer than it.
CREATE TABLE sessions (
  sha256  TEXT NOT NULL PRIMARY KEY,
  -- 'bootstrap', or the id of a key.
  key_id  TEXT NOT NULL,
  created TEXT NOT NULL,
  expires TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_end ON sessions (expires);
