-- name: listings by channel, direction and state; contacts of lines by hour

CREATE INDEX interactions_kind ON interactions (channel, direction, state, started_at DESC, id DESC) WHERE NOT live;
CREATE INDEX interactions_live ON interactions (started_at DESC, id DESC) WHERE live;
CREATE TABLE line_hours (hour TEXT NOT NULL, line TEXT NOT NULL, connection TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (hour, line, connection)) WITHOUT ROWID;
INSERT INTO line_hours SELECT substr(started_at, 1, 13), line, coalesce(connection, ''), count(*) FROM interactions
  WHERE direction = 'inbound' AND line IS NOT NULL GROUP BY 1, 2, 3;
