-- An outbox as the program of schema 1 wrote it: four rows were added with now() at 1767225600000,
-- the second was announced, the fourth buried, the first removed. Made by running that program
-- (commit f615c71, device/outbox/outbox.ts) and printing sqlite_master, the tables and sqlite_sequence.
PRAGMA journal_mode = WAL;
CREATE TABLE waiting (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  bundle TEXT NOT NULL,
  model TEXT NOT NULL,
  codes BLOB NOT NULL,
  prediction TEXT NOT NULL,
  announced INTEGER NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX waiting_by_announced ON waiting (announced, seq);
CREATE TABLE dead_letter (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  bundle TEXT NOT NULL,
  model TEXT NOT NULL,
  codes BLOB NOT NULL,
  prediction TEXT NOT NULL,
  created INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
INSERT INTO waiting VALUES (2, 'b', 'abababababababababababababababababababababababababababababababab', 'press', x'010203', '{"id":"b"}', 1, 1767225600000);
INSERT INTO waiting VALUES (3, 'c', 'abababababababababababababababababababababababababababababababab', 'press', x'010203', '{"id":"c"}', 0, 1767225600000);
INSERT INTO dead_letter VALUES (4, 'd', 'abababababababababababababababababababababababababababababababab', 'press', x'010203', '{"id":"d"}', 1767225600000, 1767225600000, '422 rows-malformed');
UPDATE sqlite_sequence SET seq = 4 WHERE name = 'waiting';
PRAGMA user_version = 1;
