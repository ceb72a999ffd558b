-- name: transcripts

CREATE TABLE transcripts (recording TEXT PRIMARY KEY NOT NULL, interaction TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX transcripts_interaction ON transcripts (interaction);
