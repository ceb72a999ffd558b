-- name: several instances
-- phase: expand
-- touches: leads, tasks, turns

CREATE TABLE instances (id text PRIMARY KEY, serial bigint NOT NULL, at bigint NOT NULL);
CREATE TABLE leases (name text PRIMARY KEY, holder text, epoch bigint NOT NULL, expires_at timestamptz NOT NULL);
CREATE TABLE device_states (connection text NOT NULL, extension text NOT NULL, state text NOT NULL, instance text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('commit_seq'), PRIMARY KEY (connection, extension));
CREATE INDEX device_states_seq ON device_states (seq);
ALTER TABLE leads ADD COLUMN instance text, ADD COLUMN seq bigint NOT NULL DEFAULT nextval('commit_seq');
ALTER TABLE tasks ADD COLUMN instance text, ADD COLUMN seq bigint NOT NULL DEFAULT nextval('commit_seq');
CREATE INDEX leads_seq ON leads (seq);
CREATE INDEX tasks_seq ON tasks (seq);
ALTER TABLE turns ADD COLUMN seq bigint NOT NULL DEFAULT nextval('commit_seq');
