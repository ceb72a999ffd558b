-- name: copies of recordings
-- phase: expand
-- touches: recordings

ALTER TABLE recordings ADD COLUMN blob text COLLATE "C";
CREATE INDEX recordings_interaction ON recordings (interaction COLLATE "C");
CREATE INDEX recordings_blob ON recordings (blob) WHERE blob IS NOT NULL;
