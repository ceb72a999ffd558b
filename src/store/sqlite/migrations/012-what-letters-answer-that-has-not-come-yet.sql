-- name: what letters answer that has not come yet

CREATE TABLE awaited (interaction TEXT NOT NULL, rank INTEGER NOT NULL, key BLOB NOT NULL, arrived_at INTEGER NOT NULL, PRIMARY KEY (interaction, rank)) WITHOUT ROWID;
CREATE INDEX awaited_key ON awaited (key);
