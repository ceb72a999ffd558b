-- name: numbers shown to visits

CREATE TABLE number_holds (number TEXT NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, visit TEXT NOT NULL, marks TEXT NOT NULL,
  PRIMARY KEY (number, from_at)) WITHOUT ROWID;
CREATE INDEX number_holds_until ON number_holds (until_at);
