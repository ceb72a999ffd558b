-- name: accounts that proved their telephone
-- phase: expand

CREATE TABLE account_links (account text PRIMARY KEY, kind smallint NOT NULL, value text NOT NULL);
CREATE INDEX account_links_value ON account_links (kind, value);
