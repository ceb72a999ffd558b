-- name: the spine
-- phase: expand

CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
CREATE SEQUENCE commit_seq;

CREATE TABLE interactions (
  id text COLLATE "C" PRIMARY KEY, revision int NOT NULL, channel text NOT NULL, direction text NOT NULL, state text NOT NULL,
  started_at text COLLATE "C" NOT NULL, phone text, email text, client text, line text, connection text,
  live boolean NOT NULL, auto boolean NOT NULL, body text NOT NULL) PARTITION BY RANGE (id);
CREATE INDEX interactions_started ON interactions (started_at DESC, id DESC);
CREATE INDEX interactions_client ON interactions (client, started_at DESC) WHERE client IS NOT NULL;
CREATE INDEX interactions_phone ON interactions (phone, started_at DESC) WHERE phone IS NOT NULL;
CREATE INDEX interactions_email ON interactions (email, started_at DESC) WHERE email IS NOT NULL;
CREATE TABLE interaction_managers (manager text NOT NULL, started_at text COLLATE "C" NOT NULL, interaction text COLLATE "C" NOT NULL,
  PRIMARY KEY (manager, started_at, interaction));
CREATE TABLE history (interaction text NOT NULL, revision int NOT NULL, at bigint NOT NULL, by text NOT NULL, what text NOT NULL,
  PRIMARY KEY (interaction, revision));
CREATE TABLE event_keys (hash bytea PRIMARY KEY, interaction text NOT NULL);
CREATE TABLE live_calls (interaction text PRIMARY KEY, connection text NOT NULL, snapshot text NOT NULL);
CREATE TABLE pending_routes (call text PRIMARY KEY, at bigint NOT NULL, body text NOT NULL);
CREATE TABLE turns (grp text PRIMARY KEY, manager text NOT NULL);
CREATE TABLE recordings (id text PRIMARY KEY, interaction text NOT NULL, path text, mime text);
CREATE TABLE recordings_heard (recording text NOT NULL, by text NOT NULL, at bigint NOT NULL);

CREATE TABLE clients (id text COLLATE "C" PRIMARY KEY, name text NOT NULL, folded text COLLATE "C" NOT NULL, kind text NOT NULL,
  responsible text, segment text, url text, body text NOT NULL);
CREATE INDEX clients_folded ON clients (folded, id);
CREATE TABLE identifiers (kind smallint NOT NULL, value text NOT NULL, client text NOT NULL, contact text NOT NULL, contact_name text,
  PRIMARY KEY (kind, value, client, contact));
CREATE INDEX identifiers_client ON identifiers (client);
CREATE TABLE choices (kind smallint NOT NULL, value text NOT NULL, client text, contact text, by_id text NOT NULL, by_name text NOT NULL, at text NOT NULL,
  PRIMARY KEY (kind, value));

CREATE TABLE destinations (name text PRIMARY KEY);
CREATE TABLE owed (
  rid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, destination text NOT NULL, kind text NOT NULL, subject text NOT NULL, revision int NOT NULL,
  delivered int NOT NULL DEFAULT 0, state text NOT NULL, attempts int NOT NULL DEFAULT 0, next_at bigint NOT NULL,
  error text, updated_at bigint NOT NULL, claimed_until bigint NOT NULL DEFAULT 0, claimed_by text, UNIQUE (destination, kind, subject));
CREATE INDEX owed_due ON owed (destination, next_at) WHERE state = 'due';
CREATE INDEX owed_parked ON owed (destination, rid) WHERE state = 'parked';

CREATE TABLE desk_seq (manager text PRIMARY KEY, seq bigint NOT NULL);
CREATE TABLE desk_log (manager text NOT NULL, interaction text NOT NULL, seq bigint NOT NULL, PRIMARY KEY (manager, interaction));
CREATE INDEX desk_log_seq ON desk_log (manager, seq);

CREATE TABLE cursors (connection text NOT NULL, name text NOT NULL, value text NOT NULL, PRIMARY KEY (connection, name));
CREATE TABLE users (login text PRIMARY KEY, role text NOT NULL, manager text, password_hash text NOT NULL);
CREATE TABLE tokens (hash text PRIMARY KEY, name text NOT NULL UNIQUE, role text NOT NULL, created_at bigint NOT NULL);
CREATE TABLE sessions (hash text PRIMARY KEY, login text NOT NULL, expires_at bigint NOT NULL);

CREATE TABLE changes (seq bigint PRIMARY KEY DEFAULT nextval('commit_seq'), at bigint NOT NULL, instance text NOT NULL,
  interaction text NOT NULL, desk text NOT NULL);
CREATE INDEX changes_at ON changes (at);
CREATE TABLE directory_log (kind smallint NOT NULL, key text NOT NULL, seq bigint NOT NULL DEFAULT nextval('commit_seq'), PRIMARY KEY (kind, key));
CREATE INDEX directory_log_seq ON directory_log (seq);
