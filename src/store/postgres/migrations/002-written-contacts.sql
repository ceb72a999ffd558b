-- name: written contacts
-- phase: contract
-- touches: interactions

-- Interactions that the program before writes lack what this adds to them: so it is a contract.
ALTER TABLE interactions ADD COLUMN thread text;
ALTER TABLE interactions ADD COLUMN account text;
UPDATE interactions SET body = substr(body, 1, length(body) - 1) || ',"alsoOn":[],"automatic":null,"problem":null}';
CREATE INDEX interactions_thread ON interactions (thread, started_at DESC) WHERE thread IS NOT NULL;
CREATE INDEX interactions_account ON interactions (account, started_at DESC) WHERE account IS NOT NULL;

CREATE TABLE attachments (id text PRIMARY KEY, interaction text NOT NULL, blob text NOT NULL, name text NOT NULL, mime text NOT NULL);
CREATE INDEX attachments_interaction ON attachments (interaction);
CREATE TABLE reply_handles (interaction text PRIMARY KEY, connection text NOT NULL, handle text NOT NULL);
CREATE TABLE outbound (id text PRIMARY KEY, connection text NOT NULL, channel text NOT NULL, state text NOT NULL, attempts int NOT NULL DEFAULT 0,
  next_at bigint NOT NULL, expires_at bigint NOT NULL, content text NOT NULL);
CREATE INDEX outbound_due ON outbound (connection, next_at) WHERE state = 'due';
CREATE INDEX outbound_sending ON outbound (connection) WHERE state = 'sending';
CREATE TABLE pending_reports (key text PRIMARY KEY, at bigint NOT NULL, body text NOT NULL);
