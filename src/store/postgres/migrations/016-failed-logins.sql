-- name: failed logins
-- phase: expand

CREATE TABLE login_failures (key text COLLATE "C" PRIMARY KEY, failures integer NOT NULL, at bigint NOT NULL);
CREATE INDEX login_failures_at ON login_failures (at);
