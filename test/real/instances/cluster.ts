import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { stringify } from 'yaml';
import { Gateway } from '../crash/gateway.ts';
import { freeTcpPort } from '../lab/ports.ts';
import { Wire } from './wire.ts';

/** One of the instances. */
export interface Instance {
  readonly gateway: Gateway;
  /** Its network to database and Redis. */
  readonly wire: Pick<Wire, 'cut' | 'mend' | 'close'>;
  readonly url: string;
  readonly agiPort: number;
}

/** Makes `count` instances of one configuration on one database and one Redis, each with a network, ports and a directory of its own. */
export async function makeInstances(
  count: number,
  place: { readonly directory: string; readonly database: string; readonly redis: string },
  configuration: Readonly<Record<string, unknown>>,
  pbx: Readonly<Record<string, unknown>>,
): Promise<readonly Instance[]> {
  const instances: Instance[] = [];
  for (let i = 0; i < count; i += 1) {
    const cwd = join(place.directory, `instance-${i}`);
    mkdirSync(cwd);
    const [store, queue] = [await Wire.to(place.database), await Wire.to(place.redis)];
    const wires = [store.wire, queue.wire];
    const wire = {
      cut: () => wires.map((one) => one.cut()),
      mend: () => wires.map((one) => one.mend()),
      close: () => wires.map((one) => one.close()),
    };
    const [httpPort, agiPort] = [await freeTcpPort(), await freeTcpPort()];
    const config = join(cwd, 'patchbay.yaml');
    writeFileSync(
      config,
      stringify({
        ...configuration,
        http: { port: httpPort },
        store: { url: store.url },
        queue: { url: queue.url },
        connectors: { pbx: { ...pbx, agi: { port: agiPort } } },
      }),
    );
    const address = `http://127.0.0.1:${httpPort}`;
    const gateway = new Gateway({ config, url: address, log: join(cwd, 'gateway.log') }, { cwd });
    instances.push({ gateway, wire, url: address, agiPort });
  }
  return instances;
}

/** Writes down, for every change of an interaction, who made it and who held the connection's lease in that transaction. */
export const auditSql = `
  CREATE TABLE audit (seq bigint, instance text, what text, holder text, epoch bigint);
  CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO audit SELECT NEW.seq, NEW.instance,
      (SELECT what FROM history WHERE interaction = NEW.interaction ORDER BY revision DESC LIMIT 1), l.holder, l.epoch
      FROM (SELECT 1) one LEFT JOIN leases l ON l.name = 'connection:pbx';
    RETURN NULL; END $$;
  CREATE TRIGGER audit AFTER INSERT ON changes FOR EACH ROW EXECUTE FUNCTION audit();`;

/** One question on a connection of its own; asked again while the server is away. */
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
