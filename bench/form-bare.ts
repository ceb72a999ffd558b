import Database from 'better-sqlite3';
import { fastify } from 'fastify';
import { newInteractionId } from '../src/domain/ids.ts';
import { migrate } from '../src/store/sqlite/migrations.ts';

// The peer: a bare fastify handler that inserts the row of an interaction as durably (WAL, synchronous=FULL), those of one
// turn of the loop in one commit, and answers after it. DATABASE BODY; prints its port.
const [database = '', body = ''] = process.argv.slice(2);
const db = new Database(database);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
migrate(db);
const insert = db.prepare(`INSERT INTO interactions
  (id, revision, channel, direction, state, started_at, phone, email, client, line, connection, live, auto, thread, account, body)
  VALUES (?, 1, 'form', 'inbound', 'received', ?, ?, NULL, NULL, 'site', 'forms', 0, 1, NULL, NULL, ?)`);
let waiting: { readonly phone: string; readonly done: () => void }[] = [];

function commit(): void {
  const group = waiting;
  waiting = [];
  db.exec('BEGIN IMMEDIATE');
  for (const { phone } of group) {
    const now = Date.now();
    insert.run(newInteractionId(now), new Date(now).toISOString(), phone, body);
  }
  db.exec('COMMIT');
  for (const { done } of group) done();
}

const app = fastify();
app.post('/api/v1/forms/site', async (request) => {
  const { phone } = request.body as { phone: string };
  await new Promise<void>((done) => {
    if (waiting.push({ phone, done }) === 1) setImmediate(commit);
  });
  return { ok: true };
});
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
