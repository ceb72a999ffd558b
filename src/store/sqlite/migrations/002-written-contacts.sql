-- name: written contacts

ALTER TABLE interactions ADD COLUMN thread TEXT;
ALTER TABLE interactions ADD COLUMN account TEXT;
UPDATE interactions SET body = substr(body, 1, length(body) - 1) || ',"alsoOn":[],"automatic":null,"problem":null}';
CREATE INDEX interactions_thread ON interactions (thread, started_at DESC) WHERE thread IS NOT NULL;
CREATE INDEX interactions_account ON interactions (account, started_at DESC) WHERE account IS NOT NULL;

CREATE TABLE attachments (id TEXT PRIMARY KEY, interaction TEXT NOT NULL, blob TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX attachments_interaction ON attachments (interaction);
CREATE TABLE reply_handles (interaction TEXT PRIMARY KEY, connection TEXT NOT NULL, handle TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outbound (id TEXT PRIMARY KEY, connection TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, content TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX outbound_due ON outbound (connection, next_at) WHERE state = 'due';
CREATE INDEX outbound_sending ON outbound (connection) WHERE state = 'sending';
CREATE TABLE pending_reports (key TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
