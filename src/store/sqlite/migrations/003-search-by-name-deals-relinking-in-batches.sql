-- name: search by name, deals, relinking in batches

CREATE VIRTUAL TABLE client_words USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE client_terms USING fts5vocab (client_words, instance);
INSERT INTO client_words (rowid, words) SELECT rid, search_words(name) FROM clients;

CREATE TABLE deals (id TEXT NOT NULL, client TEXT NOT NULL, PRIMARY KEY (id, client)) WITHOUT ROWID;
INSERT OR IGNORE INTO deals SELECT j.value ->> 'id', c.id FROM clients c, json_each(c.body, '$.deals') j;
CREATE TABLE interaction_deals (interaction TEXT NOT NULL, deal TEXT NOT NULL, PRIMARY KEY (interaction, deal)) WITHOUT ROWID;
CREATE INDEX interaction_deals_deal ON interaction_deals (deal);
INSERT OR IGNORE INTO interaction_deals
  SELECT i.id, j.value ->> 'deal' FROM interactions i, json_each(i.body, '$.links') j WHERE j.value ->> 'deal' IS NOT NULL
  UNION SELECT id, body ->> '$.object.id' FROM interactions WHERE body ->> '$.object.type' = 'deal';

CREATE TABLE relinks (kind INTEGER NOT NULL, value TEXT NOT NULL, started_at TEXT NOT NULL, interaction TEXT NOT NULL,
  PRIMARY KEY (kind, value)) WITHOUT ROWID;
