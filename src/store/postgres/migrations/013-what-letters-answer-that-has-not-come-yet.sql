-- name: what letters answer that has not come yet
-- phase: expand

CREATE TABLE awaited (interaction text COLLATE "C" NOT NULL, rank integer NOT NULL, key bytea NOT NULL, arrived_at bigint NOT NULL, PRIMARY KEY (interaction, rank));
CREATE INDEX awaited_key ON awaited (key);
