-- name: who sees what, and who has seen it

CREATE TABLE interaction_viewers (viewer TEXT NOT NULL, started_at TEXT NOT NULL, interaction TEXT NOT NULL,
  PRIMARY KEY (viewer, started_at, interaction)) WITHOUT ROWID;
CREATE INDEX clients_responsible ON clients (responsible) WHERE responsible IS NOT NULL;
INSERT INTO interaction_viewers
  SELECT 'responsible:' || c.responsible, i.started_at, i.id FROM interactions i JOIN clients c ON c.id = i.client WHERE c.responsible IS NOT NULL
  UNION SELECT 'line:' || CASE WHEN line IN (SELECT l.value ->> '$.id' FROM meta m, json_each(m.value, '$.lines') l WHERE m.name = 'staff')
      THEN line ELSE '' END, started_at, id FROM interactions
    WHERE client IS NULL AND direction = 'inbound' AND body ->> '$.responsible' IS NULL AND body ->> '$.assignee' IS NULL
      AND body ->> '$.handledBy' IS NULL AND body ->> '$.mergedInto' IS NULL
  UNION SELECT 'handed:' || (h.value ->> '$.to.id'), j.started_at, j.id
    FROM interactions i, json_each(i.body, '$.handovers') h JOIN interactions j ON j.thread = i.thread;

ALTER TABLE users ADD COLUMN scope TEXT;
ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN agent TEXT;
CREATE TABLE access_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, whose TEXT NOT NULL);
CREATE TABLE audit (id TEXT PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, what TEXT NOT NULL,
  subject TEXT, count INTEGER, address TEXT) WITHOUT ROWID;
CREATE INDEX audit_who ON audit (who, id);
CREATE INDEX audit_action ON audit (action, id);
CREATE INDEX audit_subject ON audit (subject, id) WHERE subject IS NOT NULL;
