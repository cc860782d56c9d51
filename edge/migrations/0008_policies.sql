-- Policy documents: one list of versions per model, and one for all models without their own, `*`.

-- The newest version of a model is in force. Rows are only ever added: an answer of last week must
-- stay explainable, and going back is a new version.
CREATE TABLE policies (
  model    TEXT    NOT NULL,
  version  INTEGER NOT NULL CHECK (version > 0),
  -- JSON, as the schema writes it.
  document TEXT    NOT NULL,
  created  TEXT    NOT NULL,
  PRIMARY KEY (model, version)
) STRICT;

CREATE TRIGGER policies_keep_update BEFORE UPDATE ON policies
BEGIN
  SELECT RAISE(ABORT, 'policies are append-only');
END;

CREATE TRIGGER policies_keep_delete BEFORE DELETE ON policies
BEGIN
  SELECT RAISE(ABORT, 'policies are append-only');
END;
