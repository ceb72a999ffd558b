-- name: who else has a letter
-- phase: expand

CREATE TABLE interaction_participants (interaction text COLLATE "C" NOT NULL, email text NOT NULL, PRIMARY KEY (interaction, email));
CREATE INDEX interaction_participants_email ON interaction_participants (email, interaction);
