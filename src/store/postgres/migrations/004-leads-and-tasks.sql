-- name: leads and tasks
-- phase: expand

CREATE TABLE leads (id text COLLATE "C" PRIMARY KEY, rkey text NOT NULL, state text NOT NULL, at text COLLATE "C" NOT NULL, body text NOT NULL);
CREATE UNIQUE INDEX leads_party ON leads (rkey) WHERE state IN ('open', 'taken');
CREATE INDEX leads_state ON leads (state, at DESC, id DESC);
CREATE TABLE tasks (id text COLLATE "C" PRIMARY KEY, manager text, state text NOT NULL, phone text, at text COLLATE "C" NOT NULL, body text NOT NULL);
CREATE INDEX tasks_state ON tasks (state, at DESC, id DESC);
CREATE INDEX tasks_manager ON tasks (manager, state, at DESC, id DESC) WHERE manager IS NOT NULL;
CREATE INDEX tasks_phone ON tasks (phone) WHERE state = 'open' AND phone IS NOT NULL;
