-- name: search over texts

-- `rid` ascends with the time of the contact, so that the index itself lists the newest first; see search-texts.ts.
CREATE TABLE search_texts (rid INTEGER PRIMARY KEY, interaction TEXT NOT NULL UNIQUE);
CREATE VIRTUAL TABLE search_words USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '@.+-_%'");
-- Contacts whose words are to be indexed again.
CREATE TABLE search_waiting (interaction TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
