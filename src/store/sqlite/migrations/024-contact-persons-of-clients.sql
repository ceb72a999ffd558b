-- name: contact persons of clients

CREATE TABLE contact_persons (id TEXT NOT NULL, client TEXT NOT NULL, PRIMARY KEY (id, client)) WITHOUT ROWID;
INSERT OR IGNORE INTO contact_persons SELECT j.value ->> 'id', c.id FROM clients c, json_each(c.body, '$.contacts') j;
