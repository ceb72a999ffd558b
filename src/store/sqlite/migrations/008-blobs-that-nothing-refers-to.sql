-- name: blobs that nothing refers to

CREATE TABLE loose_blobs (blob TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX attachments_blob ON attachments (blob);
CREATE INDEX letter_bodies_blob ON letter_bodies (body ->> '$.blob');
