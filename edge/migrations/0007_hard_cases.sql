-- Rows worth a person's look, and explanations that somebody asked to keep.

CREATE TABLE hard_cases (
  -- SHA-256 of bundle and row: the same row is kept once.
  id          TEXT    NOT NULL PRIMARY KEY CHECK (length(id) = 64),
  model       TEXT    NOT NULL,
  bundle      TEXT    NOT NULL,
  policy      TEXT    NOT NULL,
  at          TEXT    NOT NULL,
  reason      TEXT    NOT NULL CHECK (reason IN ('disagreement', 'low-confidence')),
  key_id      TEXT    NOT NULL,
  -- Empty where the key is no device's.
  device      TEXT    NOT NULL,
  class       INTEGER NOT NULL,
  answer      TEXT    NOT NULL,
  confidence  REAL    NOT NULL,
  -- What the full cascade says, where that is another class.
  full_answer TEXT,
  -- One quantised row as safetensors.
  row         BLOB    NOT NULL,
  -- Null while nobody has looked; then a label, or none where it was skipped.
  labelled    TEXT,
  labelled_by TEXT,
  label       TEXT,
  -- 1 where the label is no class of the bundle.
  new_label   INTEGER NOT NULL DEFAULT 0 CHECK (new_label IN (0, 1))
) STRICT;

CREATE INDEX hard_cases_by_model ON hard_cases (model, id);

-- A person's label is never dropped to make room.
CREATE TRIGGER hard_cases_keep_label BEFORE DELETE ON hard_cases WHEN OLD.label IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'labelled cases are kept');
END;

-- What was explained to whom. The record itself lies in R2; its hash here shows if it was changed.
CREATE TABLE explanations (
  -- Ascends with time.
  number   INTEGER PRIMARY KEY AUTOINCREMENT,
  id       TEXT    NOT NULL UNIQUE,
  at       TEXT    NOT NULL,
  key_id   TEXT    NOT NULL,
  key_name TEXT    NOT NULL,
  model    TEXT    NOT NULL,
  bundle   TEXT    NOT NULL,
  policy   TEXT    NOT NULL,
  rows     INTEGER NOT NULL CHECK (rows > 0),
  bytes    INTEGER NOT NULL CHECK (bytes > 0),
  sha256   TEXT    NOT NULL CHECK (length(sha256) = 64)
) STRICT;

CREATE TRIGGER explanations_keep_update BEFORE UPDATE ON explanations
BEGIN
  SELECT RAISE(ABORT, 'explanations are append-only');
END;

CREATE TRIGGER explanations_keep_delete BEFORE DELETE ON explanations
BEGIN
  SELECT RAISE(ABORT, 'explanations are append-only');
END;
