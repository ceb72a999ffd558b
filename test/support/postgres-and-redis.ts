import { rmSync } from 'node:fs';
import { sqlitePath } from '../../src/store/open.ts';
import { connect } from '../../src/store/postgres/connect.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { startPostgres } from './postgres-server.ts';
import { startRedis } from './redis-server.ts';
import { postgresVariable, redisVariable, template } from './test-store.ts';

/** Global set-up for `PATCHBAY_TEST_STORE=postgres`: one PostgreSQL and one Redis for all tests, announced in environment variables. */
export async function setup(): Promise<() => Promise<void>> {
  const [server, redis] = await Promise.all([startPostgres(), startRedis()]);
  const url = server.database(template);
  const schema = await connect(url, () => undefined);
  await migrate(schema);
  await schema.end();
  process.env[postgresVariable] = new URL('/postgres', url).href;
  process.env[redisVariable] = redis.url;
  return async () => {
    await removeSnapshots(process.env[postgresVariable] ?? '');
    await redis.stop();
    server.stop();
  };
}

/** Each store left a snapshot of its routing directory next to the program. */
async function removeSnapshots(server: string): Promise<void> {
  const admin = await connect(server, () => undefined);
  const { rows } = await admin.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datname LIKE 't\\_%'",
  );
  await admin.end();
  for (const { name } of rows)
    for (const part of ['', '-wal', '-shm'])
      rmSync(`${sqlitePath(new URL(`/${name}`, server).href)}${part}`, { force: true });
}
