-- name: addresses that letters come back from

CREATE TABLE undeliverable (email TEXT PRIMARY KEY, since INTEGER NOT NULL, status TEXT NOT NULL, why TEXT NOT NULL, cleared INTEGER NOT NULL) WITHOUT ROWID;
