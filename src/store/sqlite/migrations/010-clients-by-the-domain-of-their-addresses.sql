-- name: clients by the domain of their addresses

CREATE INDEX identifiers_domain ON identifiers (substr(value, instr(value, '@') + 1)) WHERE kind = 1;
