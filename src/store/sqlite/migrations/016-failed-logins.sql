-- name: failed logins

CREATE TABLE login_failures (key TEXT PRIMARY KEY, failures INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX login_failures_at ON login_failures (at);
