-- The journal: rows are appended and never touched again, so each byte of the file has one allowed value (page-walk.ts).
-- A table that outgrew one root page would leave stale bytes in it; before that, {part} counts up and the rows go on in the next three tables.
-- These comments are not kept in the file; what is kept must be found there letter for letter.

CREATE TABLE entries_{part} ( -- what happened: the one truth, everything else can be checked against it
  seq   INTEGER PRIMARY KEY, -- place in the journal, from 0, without gaps, through all parts
  salt  BLOB NOT NULL,       -- 16 random bytes that keep the leaf hash from being guessed
  event BLOB NOT NULL,       -- the event as protocol/journal/event.ts spells it
  leaf  BLOB NOT NULL,       -- SHA-256(00 ‖ salt ‖ event), RFC 6962 §2.1
  CONSTRAINT "a salt has 16 bytes" CHECK (length(salt) = 16),
  CONSTRAINT "a leaf has 32 bytes" CHECK (length(leaf) = 32)
) STRICT;

CREATE TABLE answers_{part} ( -- what was answered to whom: asked again, the same is said again
  id          INTEGER PRIMARY KEY, -- in the order of answering, from 0, without gaps, through all parts
  terminal    INTEGER NOT NULL,    -- who asked
  incarnation INTEGER NOT NULL,    -- which life of its flash
  n           INTEGER NOT NULL,    -- the terminal's own number of the operation, from 1
  digest      BLOB NOT NULL,       -- first 8 bytes of SHA-256 of the request: the same number with another digest is a conflict, kept beside it
  answer      BLOB NOT NULL,       -- the result as protocol/wire/down.ts spells it, before encryption
  size_after  INTEGER NOT NULL,    -- journal size with this operation's events in it; the cloud having cosigned so much makes it safe
  checksum    BLOB NOT NULL        -- first 16 bytes of SHA-256 over the columns between id and this one
) STRICT;

CREATE TABLE edges_{part} ( -- how far the office's directives are applied: a line with each batch of them, the last one holds
  id         INTEGER PRIMARY KEY, -- in the order of applying, from 0, without gaps, through all parts
  size       INTEGER NOT NULL,    -- directives applied
  hashes     BLOB NOT NULL,       -- 32 bytes each: the complete subtrees of the directive log, the widest first
  size_after INTEGER NOT NULL,    -- journal size with these directives' events in it
  checksum   BLOB NOT NULL        -- first 16 bytes of SHA-256 over the columns between id and this one
) STRICT;
