import type { Database } from 'better-sqlite3';

/**
 * Fills a store up to `size` contacts by copying a call in SQL. At every size they cover the same year, ten managers and 200 clients. One
 * in five calls is missed and one in a hundred failed; every tenth has a lead and every twentieth a task.
 */
export function fillWithCalls(db: Database, size: number): void {
  const { n } = db.prepare('SELECT count(*) AS n FROM interactions').get() as { n: number };
  const template = db.prepare("SELECT * FROM interactions WHERE state = 'answered' ORDER BY id LIMIT 1").get() as {
    readonly body: string;
  };
  db.function('contact', { deterministic: true }, (id, state, client, at) => {
    const body = JSON.parse(template.body) as Record<string, unknown>;
    const head = { ...(body.client as object), id: `c${client}`, name: `Client ${client}`, kind: 'company', url: null };
    return JSON.stringify({ ...body, id, state, client: head, startedAt: at, revision: 1 });
  });
  db.transaction(() => {
    db.exec(`
      CREATE TEMP TABLE fresh AS
        WITH RECURSIVE numbers (n) AS (SELECT ${n} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${size}),
        timed AS (SELECT n, 1764000000000 + n * 7919 % 1000000 * 31536 AS ms FROM numbers)
        SELECT n, printf('%08x-%04x-7000-8000-%012x', ms >> 16, ms & 65535, n) AS id,
          strftime('%Y-%m-%dT%H:%M:%S', ms / 1000, 'unixepoch') || printf('.%03dZ', ms % 1000) AS at,
          CASE WHEN n % 100 = 7 THEN 'failed' WHEN n % 5 = 0 THEN 'missed' ELSE 'answered' END AS state,
          n % 200 AS client, 'm' || (n % 10) AS manager FROM timed;
      INSERT INTO interactions (id, revision, channel, direction, state, started_at, phone, email, client, line, connection, live, auto, thread, account, body)
        SELECT id, 1, 'call', 'inbound', state, at, '+7495' || (1000000 + client), NULL, 'c' || client, 'main', 'pbx', 0, 1, NULL, NULL,
          contact(id, state, client, at) FROM fresh;
      INSERT INTO interaction_managers (manager, started_at, interaction) SELECT manager, at, id FROM fresh;
      INSERT INTO history (interaction, revision, at, by, what) SELECT id, 1, 1, 'auto', 'call' FROM fresh;
      INSERT INTO owed (destination, kind, subject, revision, state, next_at, updated_at, delivered, attempts)
        SELECT 'crm', 'interaction', id, 1, 'done', 1, 1, 1, 1 FROM fresh;
      INSERT INTO leads (id, rkey, state, at, body) SELECT id, id, CASE WHEN n % 100 = 0 THEN 'open' ELSE 'rejected' END, at,
        json_object('id', id, 'createdAt', at, 'state', 'rejected') FROM fresh WHERE n % 10 = 0;
      INSERT INTO tasks (id, manager, state, phone, at, body) SELECT id, manager, CASE WHEN n % 200 = 0 THEN 'open' ELSE 'done' END, NULL, at,
        json_object('id', id, 'createdAt', at, 'state', 'done') FROM fresh WHERE n % 20 = 0;
      INSERT INTO line_hours SELECT substr(at, 1, 13), 'main', 'pbx', count(*) FROM fresh GROUP BY 1
        ON CONFLICT DO UPDATE SET count = count + excluded.count;
      DROP TABLE fresh;
    `);
  })();
  db.pragma('wal_checkpoint(TRUNCATE)');
}
