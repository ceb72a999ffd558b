-- name: reasons as codes
-- phase: expand

ALTER TABLE owed ADD COLUMN reason text;
ALTER TABLE quarantine ADD COLUMN fault text;
