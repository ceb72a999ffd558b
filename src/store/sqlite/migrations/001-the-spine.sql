-- name: the spine

CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE interactions (
  id TEXT PRIMARY KEY, revision INTEGER NOT NULL, channel TEXT NOT NULL, direction TEXT NOT NULL, state TEXT NOT NULL,
  started_at TEXT NOT NULL, phone TEXT, email TEXT, client TEXT, line TEXT, connection TEXT, live INTEGER NOT NULL, auto INTEGER NOT NULL,
  body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX interactions_started ON interactions (started_at DESC, id DESC);
CREATE INDEX interactions_client ON interactions (client, started_at DESC) WHERE client IS NOT NULL;
CREATE INDEX interactions_phone ON interactions (phone, started_at DESC) WHERE phone IS NOT NULL;
CREATE INDEX interactions_email ON interactions (email, started_at DESC) WHERE email IS NOT NULL;
CREATE TABLE interaction_managers (manager TEXT NOT NULL, started_at TEXT NOT NULL, interaction TEXT NOT NULL,
  PRIMARY KEY (manager, started_at, interaction)) WITHOUT ROWID;
CREATE TABLE history (interaction TEXT NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL,
  PRIMARY KEY (interaction, revision)) WITHOUT ROWID;
CREATE TABLE event_keys (hash BLOB PRIMARY KEY, interaction TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE live_calls (interaction TEXT PRIMARY KEY, connection TEXT NOT NULL, snapshot TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pending_routes (call TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE turns (grp TEXT PRIMARY KEY, manager TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE recordings (id TEXT PRIMARY KEY, interaction TEXT NOT NULL, path TEXT, mime TEXT) WITHOUT ROWID;
CREATE TABLE recordings_heard (recording TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL);

CREATE TABLE clients (
  rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, folded TEXT NOT NULL, kind TEXT NOT NULL,
  responsible TEXT, segment TEXT, url TEXT, body TEXT NOT NULL);
CREATE INDEX clients_folded ON clients (folded);
CREATE TABLE identifiers (kind INTEGER NOT NULL, value TEXT NOT NULL, client INTEGER NOT NULL, contact TEXT NOT NULL, contact_name TEXT,
  PRIMARY KEY (kind, value, client, contact)) WITHOUT ROWID;
CREATE TABLE choices (kind INTEGER NOT NULL, value TEXT NOT NULL, client TEXT, contact TEXT, by_id TEXT NOT NULL, by_name TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (kind, value)) WITHOUT ROWID;

CREATE TABLE destinations (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE owed (
  rid INTEGER PRIMARY KEY, destination TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, revision INTEGER NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL,
  error TEXT, updated_at INTEGER NOT NULL, UNIQUE (destination, kind, subject));
CREATE INDEX owed_due ON owed (destination, next_at) WHERE state = 'due';
CREATE INDEX owed_parked ON owed (destination, rid) WHERE state = 'parked';

CREATE TABLE desk_seq (manager TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE desk_log (manager TEXT NOT NULL, interaction TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (manager, interaction)) WITHOUT ROWID;
CREATE INDEX desk_log_seq ON desk_log (manager, seq);

CREATE TABLE cursors (connection TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (connection, name)) WITHOUT ROWID;
CREATE TABLE users (login TEXT PRIMARY KEY, role TEXT NOT NULL, manager TEXT, password_hash TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tokens (hash TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sessions (hash TEXT PRIMARY KEY, login TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
