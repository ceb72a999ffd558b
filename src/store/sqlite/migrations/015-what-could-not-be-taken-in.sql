-- name: what could not be taken in

CREATE TABLE quarantine (id TEXT PRIMARY KEY, connection TEXT NOT NULL, key TEXT NOT NULL, event TEXT, source TEXT, blob TEXT, reason TEXT NOT NULL,
  version TEXT NOT NULL, at INTEGER NOT NULL, tried_at INTEGER NOT NULL, tries INTEGER NOT NULL, UNIQUE (connection, key)) WITHOUT ROWID;
CREATE INDEX quarantine_blob ON quarantine (blob) WHERE blob IS NOT NULL;
