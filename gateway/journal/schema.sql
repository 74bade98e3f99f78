-- One school's memory, in one SQLite file. A row that may not be lost is written in the same transaction as the event it belongs to.

CREATE TABLE IF NOT EXISTS entries ( -- the journal: the one truth, every other table can be checked against it
  seq   INTEGER PRIMARY KEY, -- place in the journal, from 0, without gaps
  salt  BLOB NOT NULL,       -- 16 random bytes that keep the leaf hash from being guessed
  event BLOB NOT NULL,       -- the event as protocol/journal/event.ts spells it
  leaf  BLOB NOT NULL,       -- SHA-256(00 ‖ salt ‖ event), RFC 6962 §2.1
  CONSTRAINT "a salt has 16 bytes" CHECK (length(salt) = 16),
  CONSTRAINT "a leaf has 32 bytes" CHECK (length(leaf) = 32)
) STRICT;

CREATE TABLE IF NOT EXISTS nodes ( -- hashes of complete subtrees above the leaves, so that a proof reads a few rows and not the whole journal
  number INTEGER PRIMARY KEY, -- from 1, in the order in which appending entries completes subtrees (nodeNumber in store.ts)
  hash   BLOB NOT NULL,       -- SHA-256(01 ‖ left ‖ right)
  CONSTRAINT "a node has 32 bytes" CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE IF NOT EXISTS operations ( -- what was answered to whom: asked again, the same is said again
  number      INTEGER PRIMARY KEY, -- from 1, in the order of answering
  terminal    INTEGER NOT NULL, -- who asked
  incarnation INTEGER NOT NULL, -- which life of its flash
  n           INTEGER NOT NULL, -- the terminal's own number of the operation, from 1
  digest      BLOB NOT NULL,    -- first 8 bytes of SHA-256 of the request: the same number with another digest is a conflict, kept beside it
  answer      BLOB NOT NULL,    -- the result as protocol/wire/down.ts spells it, before encryption
  size_after  INTEGER NOT NULL, -- journal size with this operation's events in it; the cloud having cosigned so much makes it safe
  checksum    BLOB NOT NULL     -- first 16 bytes of SHA-256 over the columns after the number: a flipped bit is noticed when the row is read
) STRICT;

CREATE TABLE IF NOT EXISTS terminals ( -- the head of each terminal's line of operations and sessions
  terminal     INTEGER PRIMARY KEY, -- its number in the school
  enrolment    INTEGER NOT NULL,    -- the enrolment under which it last said Hello
  incarnation  INTEGER NOT NULL,    -- which life of its flash is the living one
  have_up_to   INTEGER NOT NULL,    -- the last operation number committed; the next must be one more
  boot_epoch   INTEGER NOT NULL,    -- of the last confirmed session: a Hello must be above (boot_epoch, k)
  k            INTEGER NOT NULL,    -- handshake number within that boot
  resume_index INTEGER NOT NULL,    -- the resume token in force; the one before is good too
  checksum     BLOB NOT NULL        -- first 16 bytes of SHA-256 over the columns before
) STRICT;

CREATE TABLE IF NOT EXISTS connections ( -- the last MQTT password of each terminal: the next must be above it
  terminal   INTEGER PRIMARY KEY, -- its number in the school
  enrolment  INTEGER NOT NULL,    -- the enrolment whose key made it: a terminal enrolled anew counts from the beginning
  boot_epoch INTEGER NOT NULL,    -- boot counter in that password
  k          INTEGER NOT NULL,    -- connection number within that boot
  checksum   BLOB NOT NULL        -- first 16 bytes of SHA-256 over the columns before
) STRICT;

CREATE TABLE IF NOT EXISTS checkpoints ( -- signed heads that the entries must still match when the file is opened
  kind TEXT PRIMARY KEY, -- signed: the last one signed here · cosigned: the last one that came back from the cloud
  size INTEGER NOT NULL, -- entries it covers
  note TEXT NOT NULL,    -- the C2SP signed note, with every signature
  CONSTRAINT "a checkpoint is signed or cosigned" CHECK (kind IN ('signed', 'cosigned'))
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS meta ( -- what this file is, and counters that outlive a boot
  name  TEXT PRIMARY KEY, -- origin · epoch · boots · directives (size and edge of the directive log as far as it is applied)
  value BLOB NOT NULL,    -- text or bytes, as the name says
  checksum BLOB NOT NULL  -- first 16 bytes of SHA-256 over the columns before
) STRICT, WITHOUT ROWID;
