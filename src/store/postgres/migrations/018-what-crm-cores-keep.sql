-- name: what CRM cores keep
-- phase: expand

ALTER TABLE destinations ADD COLUMN wants text NOT NULL DEFAULT 'interaction';
CREATE TABLE ledger (kind text NOT NULL, subject text COLLATE "C" NOT NULL, destination text NOT NULL, step text NOT NULL, state text NOT NULL,
  remote text, at bigint NOT NULL, PRIMARY KEY (kind, subject, destination, step));
CREATE TABLE vault (owner text NOT NULL, name text NOT NULL, sealed text NOT NULL, PRIMARY KEY (owner, name));
