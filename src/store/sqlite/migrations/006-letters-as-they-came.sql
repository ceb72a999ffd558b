-- name: letters as they came

CREATE TABLE letter_bodies (interaction TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
