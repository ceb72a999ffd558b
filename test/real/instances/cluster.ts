import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { stringify } from 'yaml';
import { Gateway } from '../crash/gateway.ts';
import { freeTcpPort } from '../lab/ports.ts';
import { Namespace } from './namespace.ts';
import { Wire } from './wire.ts';

/** One instance. */
export interface Instance {
  readonly gateway: Gateway;
  /** Its network to database and Redis. */
  readonly wire: Pick<Wire, 'cut' | 'mend' | 'close'>;
  readonly url: string;
  readonly agiPort: number;
  /** Path of its log file. */
  readonly log: string;
}

/** The address of a test's port as seen from an instance in its network. */
export type Reach = (port: number) => Promise<{ readonly host: string; readonly port: number }>;

/**
 * Creates `count` instances with one configuration, database and Redis, each with its own ports, directory and network namespace.
 * `configure` receives the FastAGI port. If the machine does not allow namespaces, a wire that drops all traffic replaces them,
 * and the output says so.
 */
export async function makeInstances(
  count: number,
  place: { readonly directory: string; readonly database: string; readonly redis: string },
  configure: (
    reach: Reach,
    agi: { readonly host: string; readonly port: number },
  ) => Promise<Readonly<Record<string, unknown>>>,
): Promise<readonly Instance[]> {
  const instances: Instance[] = [];
  for (let i = 0; i < count; i += 1) {
    const cwd = join(place.directory, `instance-${i}`);
    mkdirSync(cwd);
    const made = Namespace.make(i);
    if (typeof made === 'string') console.warn(`no network namespaces here, a cut wire stands in: ${made}`);
    const space = typeof made === 'string' ? null : made;
    const [data, office] = [space?.data.outside, space?.office.outside ?? '127.0.0.1'];
    const [store, queue] = [await Wire.to(place.database, data), await Wire.to(place.redis, data)];
    const wires = [store.wire, queue.wire];
    const others: Wire[] = [];
    const reach: Reach = async (port) => {
      const wire = new Wire(port);
      others.push(wire);
      return { host: office, port: await wire.listen(office) };
    };
    const [httpPort, agiPort] = [await freeTcpPort(), await freeTcpPort()];
    const doors = space === null ? [] : [httpPort, agiPort];
    const inward = doors.map((port) => new Wire(port, space?.office.inside));
    for (const [n, wire] of inward.entries()) await wire.listen('127.0.0.1', doors[n]);
    const wire = {
      cut: () => (space === null ? wires.forEach((one) => void one.cut()) : space.unplug()),
      mend: () => (space === null ? wires.forEach((one) => void one.mend()) : space.plug()),
      close: () => {
        for (const one of [...wires, ...inward, ...others]) one.close();
        space?.close();
      },
    };
    const host = space === null ? '127.0.0.1' : '0.0.0.0';
    const config = join(cwd, 'patchbay.yaml');
    const configuration = await configure(reach, { host, port: agiPort });
    const own = { http: { host, port: httpPort }, store: { url: store.url }, queue: { url: queue.url } };
    writeFileSync(config, stringify({ ...configuration, ...own }));
    const address = `http://127.0.0.1:${httpPort}`;
    const log = join(cwd, 'gateway.log');
    const gateway = new Gateway({ config, url: address, log }, { cwd, behind: space?.inside ?? [] });
    instances.push({ gateway, wire, url: address, agiPort, log });
  }
  return instances;
}

/** Records, for every change of an interaction, who made it and who held the connection's lease in that transaction. */
export const auditSql = `
  CREATE TABLE writes_seen (connection text, revision int, instance text, what text, holder text, epoch bigint);
  CREATE FUNCTION see_writes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO writes_seen SELECT i.connection, i.revision, NEW.instance,
      (SELECT what FROM history WHERE interaction = NEW.interaction ORDER BY revision DESC LIMIT 1), l.holder, l.epoch
      FROM interactions i LEFT JOIN leases l ON l.name = 'connection:' || i.connection WHERE i.id = NEW.interaction;
    RETURN NULL; END $$;
  CREATE TRIGGER see_writes AFTER INSERT ON changes FOR EACH ROW EXECUTE FUNCTION see_writes();`;

/** Running queries, locks and the state of each instance, for reading a failure. */
export async function state(database: string, instances: readonly Instance[]): Promise<string> {
  const rows = await ask(
    database,
    `SELECT a.pid, a.application_name AS name, a.state, a.wait_event AS waits, pg_blocking_pids(a.pid)::text AS behind,
       round(extract(epoch FROM clock_timestamp() - a.state_change)) AS since, left(a.query, 70) AS query
     FROM pg_stat_activity a WHERE a.datname = current_database() ORDER BY a.pid`,
  );
  const leases = await ask(database, 'SELECT *, expires_at - clock_timestamp() AS left FROM leases');
  const health = await Promise.all(
    instances.map(async ({ url }) => {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5000) }).catch(String);
      return typeof answer === 'string' ? answer : await answer.text();
    }),
  );
  const logs = instances.map(({ log }) => readFileSync(log, 'utf8').split('\n').slice(-30).join('\n'));
  return [...rows, ...leases]
    .map((row) => JSON.stringify(row))
    .concat(health, logs)
    .join('\n');
}

/** Runs one query on its own connection; repeated while the server is unavailable. */
export async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<readonly T[]> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<T>(sql)).rows;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      void client.end().catch(() => undefined);
    }
  }
}
