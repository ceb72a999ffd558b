-- name: search over texts
-- phase: expand

CREATE TABLE search_texts (interaction text COLLATE "C" PRIMARY KEY, started_at text COLLATE "C" NOT NULL, words tsvector NOT NULL);
CREATE INDEX search_texts_started ON search_texts (started_at DESC, interaction DESC);
CREATE INDEX search_texts_words ON search_texts USING gin (words);
-- Contacts whose words are to be indexed again. A trigger fills it, so that programs of older versions do so, too.
CREATE TABLE search_waiting (interaction text COLLATE "C" PRIMARY KEY);

CREATE FUNCTION await_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO search_waiting (interaction) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER await_search AFTER INSERT OR UPDATE OF revision ON interactions
  FOR EACH ROW WHEN (NEW.channel <> 'call' OR position('"text":"' IN NEW.body) > 0) EXECUTE FUNCTION await_search();
