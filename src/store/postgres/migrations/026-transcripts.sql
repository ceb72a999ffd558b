-- name: transcripts
-- phase: expand

CREATE TABLE transcripts (recording text PRIMARY KEY, interaction text COLLATE "C" NOT NULL, body text NOT NULL);
CREATE INDEX transcripts_interaction ON transcripts (interaction);

-- Calls without a text of their own are found by what was said in them; the trigger of migration 23 passes them over.
CREATE TRIGGER await_search_of_transcripts AFTER INSERT OR UPDATE OF revision ON interactions
  FOR EACH ROW WHEN (NEW.channel = 'call' AND position('"transcript":{' IN NEW.body) > 0) EXECUTE FUNCTION await_search();
