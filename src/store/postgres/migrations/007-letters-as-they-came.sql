-- name: letters as they came
-- phase: expand

CREATE TABLE letter_bodies (interaction text PRIMARY KEY, body text NOT NULL);
