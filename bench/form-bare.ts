import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { fastify } from 'fastify';
import { newInteractionId } from '../src/domain/base/ids.ts';
import { migrate } from '../src/store/sqlite/migrate.ts';
import type { FormRows } from './form-rows.ts';

// The peer: a bare fastify handler that inserts the rows of a form with the same durability (WAL, synchronous=FULL), and answers after
// the commit. With `each`, every form has its own commit, as in common handlers. With `group`, the forms of one turn of the event loop
// share a commit. The rows are copies of another form's with new ids, numbers and keys; nothing is parsed, matched or serialised.
// Arguments: DATABASE ROWS each|group. Prints its URL.
const [database = '', template = '', commits = 'group'] = process.argv.slice(2);
const db = new Database(database);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
migrate(db);
const { ids, phone: known, rows } = JSON.parse(template) as FormRows;
const inserts = rows.map(({ table, values }) => ({
  values,
  insert: db.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`),
}));
let waiting: { readonly phone: string; readonly done: () => void }[] = [];

function insertAll(phone: string): void {
  const now = Date.now();
  const at = new Date(now).toISOString();
  const own = new Map(ids.map((id) => [id, newInteractionId(now)]));
  for (const { values, insert } of inserts)
    insert.run(
      ...values.map((value) => {
        if (value === 'hash') return randomBytes(16);
        if (value === 'at') return at;
        if (value === known) return phone;
        if (value === `phone:${known}`) return `phone:${phone}`;
        return typeof value === 'string' ? (own.get(value) ?? value) : value;
      }),
    );
}

const insertInOneCommit = db.transaction((phones: readonly string[]) => {
  for (const phone of phones) insertAll(phone);
});

function commit(): void {
  const group = waiting;
  waiting = [];
  insertInOneCommit(group.map(({ phone }) => phone));
  for (const { done } of group) done();
}

const app = fastify();
app.post('/api/v1/forms/site', async (request) => {
  const { phone } = request.body as { phone: string };
  if (commits === 'each') {
    insertInOneCommit([phone]);
    return { ok: true };
  }
  await new Promise<void>((done) => {
    if (waiting.push({ phone, done }) === 1) setImmediate(commit);
  });
  return { ok: true };
});
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
