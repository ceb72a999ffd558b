-- name: accounts that proved their telephone

CREATE TABLE account_links (account TEXT PRIMARY KEY, kind INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX account_links_value ON account_links (kind, value);
