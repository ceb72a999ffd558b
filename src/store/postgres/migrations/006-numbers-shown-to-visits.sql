-- name: numbers shown to visits
-- phase: expand

CREATE TABLE number_holds (number text NOT NULL, from_at bigint NOT NULL, until_at bigint NOT NULL, visit text NOT NULL, marks text NOT NULL,
  PRIMARY KEY (number, from_at));
CREATE INDEX number_holds_until ON number_holds (until_at);
