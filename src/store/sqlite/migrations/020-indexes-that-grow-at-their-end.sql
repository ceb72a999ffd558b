-- name: indexes that grow at their end

-- New rows have the latest times. In a descending index they come first, where SQLite leaves pages half full and splits twice as
-- many; it reads an ascending one backwards just as well.
DROP INDEX interactions_started;
DROP INDEX interactions_kind;
DROP INDEX leads_state;
DROP INDEX tasks_state;
CREATE INDEX interactions_started ON interactions (started_at, id);
CREATE INDEX interactions_kind ON interactions (channel, direction, state, started_at, id) WHERE NOT live;
CREATE INDEX leads_state ON leads (state, at, id);
CREATE INDEX tasks_state ON tasks (state, at, id);
