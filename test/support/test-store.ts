import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** The PostgreSQL server for the tests, see {@link storeUrl}; set by `postgres-and-redis.ts`. */
export const postgresVariable = 'PATCHBAY_TEST_POSTGRES';
/** The URL of a Redis for the tests, see {@link queueUrl}. */
export const redisVariable = 'PATCHBAY_TEST_REDIS';
/** Name of a database on that server that holds only the schema. */
export const template = 'patchbay_empty';

/** Whether this run keeps contacts in PostgreSQL. */
export const onPostgres = process.env.PATCHBAY_TEST_STORE === 'postgres';

/**
 * The store for a path: a SQLite file, or with `PATCHBAY_TEST_STORE=postgres` a database of its own, created
 * empty on the first call. The same path always gives the same store.
 */
export function storeUrl(path: string): string {
  const server = process.env[postgresVariable];
  if (server === undefined) return `sqlite:${path}`;
  const name = `t_${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
  const sql = `SELECT 'CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${name}') \\gexec`;
  execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', server], {
    input: sql,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return new URL(`/${name}`, server).href;
}

/** The queue for the same run as {@link storeUrl}: `local`, or a Redis. */
export function queueUrl(): string {
  return process.env[redisVariable] ?? 'local';
}
