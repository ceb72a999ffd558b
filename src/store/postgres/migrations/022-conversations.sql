-- name: conversations
-- phase: expand
-- touches: interactions

CREATE TABLE conversations (id text COLLATE "C" PRIMARY KEY, latest text COLLATE "C" NOT NULL, at text COLLATE "C" NOT NULL, since text COLLATE "C", owner text NOT NULL,
  channel text NOT NULL, line text NOT NULL, closed int NOT NULL);
CREATE INDEX conversations_latest ON conversations (latest);
CREATE INDEX conversations_waiting ON conversations (since, id) WHERE since IS NOT NULL;
CREATE INDEX conversations_waiting_owner ON conversations (owner, since, id) WHERE since IS NOT NULL;
CREATE INDEX conversations_open ON conversations (at DESC, id DESC) WHERE closed = 0;
CREATE INDEX conversations_owner ON conversations (owner, at DESC, id DESC) WHERE closed = 0;
CREATE INDEX conversations_channel ON conversations (channel, at DESC, id DESC) WHERE closed = 0;
CREATE INDEX conversations_line ON conversations (line, at DESC, id DESC) WHERE closed = 0;
INSERT INTO conversations (id, latest, at, since, owner, channel, line, closed)
  WITH written AS (
    SELECT coalesce(thread, id) AS conversation, id, started_at, channel, direction, coalesce(line, '') AS line, body::json ->> 'answeredAt' AS answered,
      body::json ->> 'closed' AS closed, body::json ->> 'automatic' AS automatic,
      coalesce(body::json #>> '{assignee,id}', body::json #>> '{responsible,id}', '') AS owner
    FROM interactions WHERE channel IN ('email', 'message', 'form') AND direction <> 'internal' AND body::json ->> 'mergedInto' IS NULL),
  latest AS (SELECT w.*, row_number() OVER (PARTITION BY conversation ORDER BY started_at DESC, id DESC) AS n FROM written w WHERE automatic IS NULL),
  ended AS (SELECT conversation, max(started_at) AS at FROM written WHERE closed IS NOT NULL GROUP BY conversation),
  waiting AS (
    SELECT w.conversation, min(w.started_at) AS since FROM written w LEFT JOIN ended e ON e.conversation = w.conversation
    WHERE w.direction = 'inbound' AND w.answered IS NULL AND w.automatic IS NULL AND (e.at IS NULL OR w.started_at > e.at) GROUP BY w.conversation)
  SELECT l.conversation, l.id, l.started_at, w.since, l.owner, l.channel, l.line, CASE WHEN e.at >= l.started_at THEN 1 ELSE 0 END
  FROM latest l LEFT JOIN ended e ON e.conversation = l.conversation LEFT JOIN waiting w ON w.conversation = l.conversation WHERE l.n = 1;
