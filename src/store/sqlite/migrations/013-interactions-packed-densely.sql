-- name: interactions packed densely

-- Without a rowid a row may fill a quarter of its page; what a body has beyond that took a page of its own.
CREATE TABLE interactions_packed (
  id TEXT PRIMARY KEY NOT NULL, revision INTEGER NOT NULL, channel TEXT NOT NULL, direction TEXT NOT NULL, state TEXT NOT NULL,
  started_at TEXT NOT NULL, phone TEXT, email TEXT, client TEXT, line TEXT, connection TEXT, live INTEGER NOT NULL, auto INTEGER NOT NULL,
  body TEXT NOT NULL, thread TEXT, account TEXT);
INSERT INTO interactions_packed SELECT * FROM interactions ORDER BY id;
DROP TABLE interactions;
ALTER TABLE interactions_packed RENAME TO interactions;
CREATE INDEX interactions_started ON interactions (started_at DESC, id DESC);
CREATE INDEX interactions_client ON interactions (client, started_at DESC) WHERE client IS NOT NULL;
CREATE INDEX interactions_phone ON interactions (phone, started_at DESC) WHERE phone IS NOT NULL;
CREATE INDEX interactions_email ON interactions (email, started_at DESC) WHERE email IS NOT NULL;
CREATE INDEX interactions_thread ON interactions (thread, started_at DESC) WHERE thread IS NOT NULL;
CREATE INDEX interactions_account ON interactions (account, started_at DESC) WHERE account IS NOT NULL;
