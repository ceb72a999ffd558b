-- name: leads and tasks

CREATE TABLE leads (id TEXT PRIMARY KEY, rkey TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX leads_party ON leads (rkey) WHERE state IN ('open', 'taken');
CREATE INDEX leads_state ON leads (state, at DESC, id DESC);
CREATE TABLE tasks (id TEXT PRIMARY KEY, manager TEXT, state TEXT NOT NULL, phone TEXT, at TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX tasks_state ON tasks (state, at DESC, id DESC);
CREATE INDEX tasks_manager ON tasks (manager, state, at DESC, id DESC) WHERE manager IS NOT NULL;
CREATE INDEX tasks_phone ON tasks (phone) WHERE state = 'open' AND phone IS NOT NULL;
