-- name: what could not be taken in
-- phase: expand

CREATE TABLE quarantine (id text COLLATE "C" PRIMARY KEY, connection text NOT NULL, key text NOT NULL, event text, source text, blob text COLLATE "C", reason text NOT NULL,
  version text NOT NULL, at bigint NOT NULL, tried_at bigint NOT NULL, tries int NOT NULL, UNIQUE (connection, key));
CREATE INDEX quarantine_blob ON quarantine (blob) WHERE blob IS NOT NULL;
