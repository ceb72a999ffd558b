-- name: who sees what, and who has seen it
-- phase: expand
-- touches: interactions, clients

CREATE TABLE interaction_viewers (viewer text NOT NULL, started_at text COLLATE "C" NOT NULL, interaction text COLLATE "C" NOT NULL,
  PRIMARY KEY (viewer, started_at, interaction));
CREATE INDEX clients_responsible ON clients (responsible) WHERE responsible IS NOT NULL;
INSERT INTO interaction_viewers
  SELECT 'responsible:' || c.responsible, i.started_at, i.id FROM interactions i JOIN clients c ON c.id = i.client WHERE c.responsible IS NOT NULL
  UNION SELECT 'line:' || CASE WHEN line IN (SELECT l.value ->> 'id' FROM meta m CROSS JOIN LATERAL json_array_elements(m.value::json -> 'lines') l WHERE m.name = 'staff')
      THEN line ELSE '' END, started_at, id FROM interactions
    WHERE client IS NULL AND direction = 'inbound' AND body::json ->> 'responsible' IS NULL AND body::json ->> 'assignee' IS NULL
      AND body::json ->> 'handledBy' IS NULL AND body::json ->> 'mergedInto' IS NULL
  UNION SELECT 'handed:' || (h.value #>> '{to,id}'), j.started_at, j.id
    FROM interactions i CROSS JOIN LATERAL json_array_elements(coalesce(i.body::json -> 'handovers', '[]')) h
    JOIN interactions j ON j.thread = i.thread;

ALTER TABLE users ADD COLUMN scope text, ADD COLUMN disabled int NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN created_at bigint NOT NULL DEFAULT 0, ADD COLUMN agent text;
CREATE TABLE access_changes (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, whose text NOT NULL);
CREATE TABLE audit (id text COLLATE "C" PRIMARY KEY, at bigint NOT NULL, who text NOT NULL, action text NOT NULL, what text NOT NULL,
  subject text, count int, address text);
CREATE INDEX audit_who ON audit (who, id);
CREATE INDEX audit_action ON audit (action, id);
CREATE INDEX audit_subject ON audit (subject, id) WHERE subject IS NOT NULL;
