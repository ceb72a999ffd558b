-- name: blobs that nothing refers to
-- phase: expand
-- touches: attachments, letter_bodies

CREATE TABLE loose_blobs (blob text COLLATE "C" PRIMARY KEY);
CREATE INDEX attachments_blob ON attachments (blob);
CREATE INDEX letter_bodies_blob ON letter_bodies ((body::json ->> 'blob'));
