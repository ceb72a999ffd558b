-- name: contact persons of clients
-- phase: expand
-- touches: clients

CREATE TABLE contact_persons (id text COLLATE "C" NOT NULL, client text COLLATE "C" NOT NULL, PRIMARY KEY (id, client));
CREATE INDEX contact_persons_client ON contact_persons (client);
INSERT INTO contact_persons SELECT DISTINCT j.value ->> 'id', c.id FROM clients c, json_array_elements(c.body::json -> 'contacts') j;
