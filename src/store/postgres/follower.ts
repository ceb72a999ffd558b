import type pg from 'pg';
import type { DeviceReport } from '../../domain/call/device.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { News } from '../../domain/ports/store.ts';
import type { Change } from '../../domain/ports/writes.ts';
import type { Logger } from '../../runtime/log.ts';
import { Loop } from '../../runtime/loop.ts';
import { parseInteraction } from '../shared/interaction-body.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { type Connection, connect } from './connect.ts';
import { readNotice } from './notice.ts';
import { relayedChange } from './relayed-change.ts';

/** Dependencies and settings of the {@link Follower}. */
export interface FollowerOptions {
  readonly url: string;
  /** This instance, whose own changes are skipped. */
  readonly instance: string;
  readonly snapshot: Snapshot;
  /** Awaited after each connect and before anything is read, because the tables must exist. */
  readonly prepare: () => Promise<void>;
  /** Called after each round: from then on nothing is missed. */
  readonly onLook: () => void;
  /** Name that the server lists the connection under. */
  readonly name: string;
  readonly onNews: (news: News) => void;
  readonly log: Logger;
}

/** The highest sequence numbers of each followed table. */
interface Tops {
  readonly changes: number;
  readonly leads: number;
  readonly tasks: number;
  readonly devices: number;
  readonly turns: number;
}

const nothing: Tops = { changes: 0, leads: 0, tasks: 0, devices: 0, turns: 0 };

/** Milliseconds between rounds without a notification. A lost notification is made up for by sequence numbers. */
const lookEvery = 1000;
/** If an answer takes longer than this many milliseconds, the connection is considered dead. */
const patience = 5000;
/** How long changes are kept for instances that were cut off, and how often older ones are deleted, in milliseconds. */
const kept = 3600_000;
const trimEvery = 10 * 60_000;
const pageSize = 500;

/**
 * Learns through LISTEN that something was committed, reads the changes by sequence number, and keeps the local
 * snapshot up to date. Numbers become visible in order (decisions/0003), so none is missed before the last one read.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #loop: Loop;
  /** The listening connection, or null. */
  #client: pg.Client | null = null;
  #isLost = false;
  /** Whether another instance has queued commands to calls since the last round. */
  #hasCommands = false;
  #waiting: (() => void)[] = [];
  /** The last numbers read; null before the first round. */
  #place: Tops | null = null;
  /** Time of the last round, milliseconds since the epoch. */
  #lookedAt: number | null = null;
  #trimmedAt = Date.now();

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#loop = new Loop({
      name: 'follower',
      round: () => this.#follow(),
      backoff: { min: 100, max: 3000 },
      onTrouble: (error) => {
        options.log.warn({ err: error }, 'cannot follow PostgreSQL; routing uses the last snapshot meanwhile');
        this.#answer(this.#waiting.splice(0));
        this.#disconnect();
      },
    });
  }

  /** Updates the snapshot and remembers the current numbers. Later commits are reported. */
  async begin(connection: Connection): Promise<void> {
    await this.#options.snapshot.follow(connection);
    this.#place = await tops(connection);
  }

  /** Follows changes until stopped. Errors are logged and retried. */
  start(): void {
    this.#loop.start();
  }

  /** Resolves when everything committed so far has been read, or reading it has failed. */
  caughtUp(): Promise<void> {
    if (this.#loop.signals.stopping.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#loop.nudge();
    });
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#disconnect();
    this.#answer(this.#waiting.splice(0));
  }

  /** One round, on a new connection if there is none. */
  async #follow(): Promise<number> {
    this.#client ??= await this.#connect();
    if (this.#isLost) throw new Error('the connection was lost');
    const waiting = this.#waiting.splice(0);
    try {
      await this.#look(this.#client);
    } finally {
      this.#answer(waiting);
    }
    this.#options.onLook();
    return lookEvery;
  }

  async #connect(): Promise<pg.Client> {
    const { url, instance, prepare, name } = this.#options;
    this.#isLost = false;
    const onLost = () => {
      this.#isLost = true;
      this.#loop.nudge();
    };
    const client = await connect(url, onLost, patience, name);
    try {
      await prepare();
      client.on('notification', ({ payload }) => {
        const notice = readNotice(payload ?? '');
        if (notice.instance === instance) return;
        this.#hasCommands ||= notice.hasCommands;
        this.#loop.nudge();
      });
      await client.query('LISTEN patchbay');
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  #disconnect(): void {
    void this.#client?.end().catch(() => undefined);
    this.#client = null;
  }

  async #look(client: pg.Client): Promise<void> {
    const { snapshot, onNews } = this.#options;
    const began = Date.now();
    const commands = this.#hasCommands;
    this.#hasCommands = false;
    await snapshot.follow(client);
    const top = await tops(client);
    const place = this.#place ?? top;
    // Lower numbers mean another database, or one restored from a back-up.
    const missed = top.changes < place.changes || began - (this.#lookedAt ?? began) > kept / 2;
    const news: News = {
      changes: missed || top.changes === place.changes ? [] : await this.#changes(client, place.changes, top.changes),
      followUps: [
        ...(top.leads === place.leads ? [] : await this.#followUps(client, 'lead', place.leads)),
        ...(top.tasks === place.tasks ? [] : await this.#followUps(client, 'task', place.tasks)),
      ],
      devices: await this.#devices(client, place.devices, top.devices),
      turns: top.turns === place.turns ? {} : await turnsAfter(client, place.turns),
      commands,
      missed,
    };
    const count = news.changes.length + news.followUps.length + news.devices.length + Object.keys(news.turns).length;
    if (missed || commands || count > 0) onNews(news);
    this.#place = top;
    this.#lookedAt = began;
    if (began - this.#trimmedAt > trimEvery) await this.#trim(client, began);
  }

  /** Changes of other instances in a range of numbers, each with the interaction's current state. */
  async #changes(client: pg.Client, after: number, upTo: number): Promise<readonly Change[]> {
    const found: Change[] = [];
    for (let place = after; ; ) {
      const { rows } = await client.query<{ seq: number; desk: string; body: string }>({
        name: 'changes',
        text: `SELECT c.seq, c.desk, i.body FROM changes c JOIN interactions i ON i.id = c.interaction
          WHERE c.seq > $1 AND c.seq <= $2 AND c.instance <> $3 ORDER BY c.seq LIMIT ${pageSize}`,
        values: [place, upTo, this.#options.instance],
      });
      for (const row of rows) found.push(relayedChange(parseInteraction(row.body), JSON.parse(row.desk)));
      place = rows.at(-1)?.seq ?? upTo;
      if (rows.length < pageSize) return found;
    }
  }

  async #followUps(client: pg.Client, kind: FollowUp['kind'], after: number): Promise<readonly FollowUp[]> {
    const { rows } = await client.query<{ body: string }>(
      `SELECT body FROM ${kind}s WHERE seq > $1 AND instance <> $2 ORDER BY seq LIMIT ${pageSize}`,
      [after, this.#options.instance],
    );
    return rows.map(({ body }) => ({ kind, [kind]: JSON.parse(body) }) as unknown as FollowUp);
  }

  /** The first round reads all states, because nothing has been reported yet. */
  async #devices(client: pg.Client, after: number, upTo: number): Promise<readonly DeviceReport[]> {
    if (this.#lookedAt === null) return devicesAtStart(client);
    if (upTo === after) return [];
    const { rows } = await client.query<DeviceReport & pg.QueryResultRow>(
      'SELECT connection, extension, state FROM device_states WHERE seq > $1 AND instance <> $2 ORDER BY seq',
      [after, this.#options.instance],
    );
    return rows;
  }

  /**
   * Deletes changes that all instances have long since read. An instance that has not will learn that it missed some.
   */
  async #trim(client: pg.Client, now: number): Promise<void> {
    this.#trimmedAt = now;
    await client.query('DELETE FROM changes WHERE at < $1', [now - kept]);
    await client.query('DELETE FROM instances WHERE at < $1', [now - 24 * kept]);
  }

  #answer(waiting: readonly (() => void)[]): void {
    for (const resolve of waiting) resolve();
  }
}

async function tops(client: Connection): Promise<Tops> {
  const columns = { changes: 'changes', leads: 'leads', tasks: 'tasks', devices: 'device_states', turns: 'turns' };
  const { rows } = await client.query<Tops & pg.QueryResultRow>({
    name: 'tops',
    text: `SELECT ${Object.entries(columns)
      .map(([name, table]) => `coalesce((SELECT max(seq) FROM ${table}), 0) AS ${name}`)
      .join(', ')}`,
  });
  return rows[0] ?? nothing;
}

/**
 * States reported by connections that are running. Without a running connection, the state of a telephone is unknown.
 */
async function devicesAtStart(client: pg.Client): Promise<readonly DeviceReport[]> {
  const { rows } = await client.query<DeviceReport & pg.QueryResultRow>(
    `SELECT d.connection, d.extension, d.state FROM device_states d JOIN leases l ON l.name = 'connection:' || d.connection
     WHERE l.expires_at > clock_timestamp()`,
  );
  return rows;
}

async function turnsAfter(client: pg.Client, after: number): Promise<Readonly<Record<string, string>>> {
  const { rows } = await client.query<{ grp: string; manager: string }>(
    'SELECT grp, manager FROM turns WHERE seq > $1',
    [after],
  );
  return Object.fromEntries(rows.map((row) => [row.grp, row.manager]));
}
