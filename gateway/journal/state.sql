-- What changes: beside the journal, in a file of its own. Written after it, so that this file may lag behind by what one crash interrupts, never run ahead;
-- what it lacks then is found in the journal (operation numbers) or comes again (a Hello, a signature).

CREATE TABLE IF NOT EXISTS terminals ( -- the head of each terminal's line of sessions
  terminal     INTEGER PRIMARY KEY, -- its number in the school
  enrolment    INTEGER NOT NULL,    -- the enrolment under which it last said Hello
  incarnation  INTEGER NOT NULL,    -- which life of its flash is the living one
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

CREATE TABLE IF NOT EXISTS admissions ( -- class lists that were handed out: who of the class may be confirmed on them later, whatever happens meanwhile
  terminal INTEGER NOT NULL, -- where the list was shown
  uid      TEXT NOT NULL,    -- the card that it was shown to
  class    INTEGER NOT NULL, -- whose list
  meal     INTEGER NOT NULL, -- of which meal
  date     INTEGER NOT NULL, -- on which service date; rows of more than 62 days ago are deleted
  ids      BLOB NOT NULL,    -- accounts, each a varint
  checksum BLOB NOT NULL,    -- first 16 bytes of SHA-256 over the columns before
  PRIMARY KEY (terminal, uid, class, meal, date)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cards ( -- what the next tap of each card that proves itself must show; a card without a row is taken at its word once
  uid          TEXT PRIMARY KEY, -- lower-case hex
  kind         TEXT NOT NULL,    -- ticket: two blocks on a MIFARE Classic · sun: the message of an NTAG 424
  seen_epoch   INTEGER NOT NULL, -- journal epoch of the newest ticket that is certainly on the card; 0 for an NTAG
  seen         INTEGER NOT NULL, -- its counter; less than that is a copy. Of an NTAG: how often it was read
  issued_epoch INTEGER NOT NULL, -- journal epoch of the newest ticket made for it
  issued       INTEGER NOT NULL, -- its counter; none is ever made twice
  terminal     INTEGER NOT NULL, -- where it was last found good
  at_ms        INTEGER NOT NULL, -- and when, Unix ms
  checksum     BLOB NOT NULL,    -- first 16 bytes of SHA-256 over the columns before
  CONSTRAINT "a card proves itself by a ticket or a message" CHECK (kind IN ('ticket', 'sun'))
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS checkpoints ( -- signed heads that the entries must still match when the file is opened
  kind TEXT PRIMARY KEY, -- signed: the last one signed here · cosigned: the last one that came back from the cloud
  size INTEGER NOT NULL, -- entries it covers
  note TEXT NOT NULL,    -- the C2SP signed note, with every signature
  CONSTRAINT "a checkpoint is signed or cosigned" CHECK (kind IN ('signed', 'cosigned'))
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS meta ( -- what the journal beside is, and counters that outlive a boot
  name     TEXT PRIMARY KEY, -- origin · boots · outrun (entries that somebody has heard of, and who, when that was more than lay here) · trial (a write to see whether the disk takes one)
  value    BLOB NOT NULL,    -- text
  checksum BLOB NOT NULL     -- first 16 bytes of SHA-256 over the columns before
) STRICT, WITHOUT ROWID;
