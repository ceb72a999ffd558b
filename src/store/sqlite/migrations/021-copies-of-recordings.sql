-- name: copies of recordings

ALTER TABLE recordings ADD COLUMN blob TEXT;
CREATE INDEX recordings_interaction ON recordings (interaction);
CREATE INDEX recordings_blob ON recordings (blob) WHERE blob IS NOT NULL;
