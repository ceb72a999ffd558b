-- name: deliveries that are urgent
-- phase: expand
-- touches: owed

ALTER TABLE owed ADD COLUMN urgent_until bigint NOT NULL DEFAULT 0;
CREATE INDEX owed_urgent ON owed (destination, urgent_until) WHERE state = 'due' AND urgent_until > 0;
