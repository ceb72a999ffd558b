-- name: reasons as codes

ALTER TABLE owed ADD COLUMN reason TEXT;
ALTER TABLE quarantine ADD COLUMN fault TEXT;
