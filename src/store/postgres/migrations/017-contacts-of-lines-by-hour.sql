-- name: contacts of lines by hour
-- phase: expand
-- touches: interactions

CREATE TABLE line_hours (hour text COLLATE "C" NOT NULL, line text NOT NULL, connection text NOT NULL, count int NOT NULL,
  PRIMARY KEY (hour, line, connection));
INSERT INTO line_hours SELECT substr(started_at, 1, 13), line, coalesce(connection, ''), count(*) FROM interactions
  WHERE direction = 'inbound' AND line IS NOT NULL GROUP BY 1, 2, 3;
