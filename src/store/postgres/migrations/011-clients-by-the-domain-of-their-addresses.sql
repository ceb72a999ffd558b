-- name: clients by the domain of their addresses
-- phase: expand
-- touches: identifiers

CREATE INDEX identifiers_domain ON identifiers (split_part(value, '@', 2)) WHERE kind = 1;
