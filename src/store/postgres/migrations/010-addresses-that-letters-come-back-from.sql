-- name: addresses that letters come back from
-- phase: expand

CREATE TABLE undeliverable (email text COLLATE "C" PRIMARY KEY, since bigint NOT NULL, status text NOT NULL, why text NOT NULL, cleared bigint NOT NULL);
