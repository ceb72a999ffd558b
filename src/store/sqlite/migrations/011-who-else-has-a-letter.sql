-- name: who else has a letter

CREATE TABLE interaction_participants (interaction TEXT NOT NULL, email TEXT NOT NULL, PRIMARY KEY (interaction, email)) WITHOUT ROWID;
CREATE INDEX interaction_participants_email ON interaction_participants (email);
