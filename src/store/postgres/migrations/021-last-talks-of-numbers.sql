-- name: last talks of numbers
-- phase: expand
-- touches: interactions

-- Routing snapshots follow it like directory_log. Programs of older versions must not meet its entries there.
CREATE TABLE talk_log (phone text PRIMARY KEY, seq bigint NOT NULL DEFAULT nextval('commit_seq'));
CREATE INDEX talk_log_seq ON talk_log (seq);
INSERT INTO talk_log (phone) SELECT DISTINCT phone FROM interactions WHERE channel = 'call' AND state = 'answered' AND phone IS NOT NULL;
