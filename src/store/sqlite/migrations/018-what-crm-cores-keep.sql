-- name: what CRM cores keep

ALTER TABLE destinations ADD COLUMN wants TEXT NOT NULL DEFAULT 'interaction';
CREATE TABLE ledger (kind TEXT NOT NULL, subject TEXT NOT NULL, destination TEXT NOT NULL, step TEXT NOT NULL, state TEXT NOT NULL,
  remote TEXT, at INTEGER NOT NULL, PRIMARY KEY (kind, subject, destination, step)) WITHOUT ROWID;
CREATE TABLE vault (owner TEXT NOT NULL, name TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID;
