-- name: search by name, deals, relinking in batches
-- phase: expand
-- touches: clients, interactions

ALTER TABLE clients ADD COLUMN words tsvector;

CREATE TABLE deals (id text NOT NULL, client text NOT NULL, PRIMARY KEY (id, client));
CREATE INDEX deals_client ON deals (client);
INSERT INTO deals SELECT DISTINCT j.value ->> 'id', c.id FROM clients c, json_array_elements(c.body::json -> 'deals') j;
CREATE TABLE interaction_deals (interaction text COLLATE "C" NOT NULL, deal text NOT NULL, PRIMARY KEY (interaction, deal));
CREATE INDEX interaction_deals_deal ON interaction_deals (deal);
INSERT INTO interaction_deals
  SELECT i.id, j.value ->> 'deal' FROM interactions i, json_each(i.body::json -> 'links') j WHERE j.value ->> 'deal' IS NOT NULL
  UNION SELECT id, body::json #>> '{object,id}' FROM interactions WHERE body::json #>> '{object,type}' = 'deal';

CREATE TABLE relinks (kind smallint NOT NULL, value text NOT NULL, started_at text COLLATE "C" NOT NULL,
  interaction text COLLATE "C" NOT NULL, PRIMARY KEY (kind, value));
