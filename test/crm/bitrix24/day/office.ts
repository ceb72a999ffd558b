import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { vi } from 'vitest';
import { bitrix24 } from '../../../../src/crm/bitrix24/core.ts';
import { Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import { eventKey, type InteractionId } from '../../../../src/domain/base/ids.ts';
import type { Lead, Task } from '../../../../src/domain/follow-up/follow-up.ts';
import type { CallRecording, ContactEvent } from '../../../../src/domain/interaction/contact-event.ts';
import type { Attachment, Interaction } from '../../../../src/domain/interaction/interaction.ts';
import type { Store } from '../../../../src/domain/ports/store.ts';
import type { Write, WriteResult } from '../../../../src/domain/ports/writes.ts';
import { Intake } from '../../../../src/intake/intake.ts';
import { stepsUnder } from '../../../../src/intake/steps/carry-out.ts';
import { TextReader } from '../../../../src/intake/text-reader.ts';
import { monotonicClock } from '../../../../src/runtime/clock.ts';
import { inProcessJobs } from '../../../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { spawnThread } from '../../../../src/runtime/thread.ts';
import { FileBlobs } from '../../../../src/store/blobs/file-blobs.ts';
import { openStoreWith } from '../../../../src/store/open.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import { storeUrl } from '../../../support/test-store.ts';
import { LedgerLog } from './ledger-log.ts';
import { core, mappedUsers, owner, type Population, portalUsers, settle, staff } from './people.ts';
import { type Kill, Program } from './program.ts';

/** The time of the day, which the store's thread shares. */
class DayClock {
  readonly shared = new Float64Array(new SharedArrayBuffer(8));

  constructor(at: number) {
    this.at = at;
    vi.spyOn(Date, 'now').mockImplementation(() => this.at);
    vi.spyOn(monotonicClock, 'now').mockImplementation(() => this.at);
  }

  get at(): number {
    return this.shared[0] ?? 0;
  }

  set at(time: number) {
    this.shared[0] = time;
  }
}

/** In whose name we call the portal. */
export type Mode = 'webhook' | 'app';

const app = { clientId: 'local.1', clientSecret: 'secret', userId: owner };

/** An office for one simulated day. Its clock moves only between what happens. */
export class DayOffice {
  readonly portal: Portal;
  readonly blobs: FileBlobs;
  readonly population: Population;
  readonly log = new LedgerLog();
  /** The latest states of leads and tasks, by id. */
  readonly leads = new Map<string, Lead>();
  readonly tasks = new Map<string, Task>();
  readonly #time: DayClock;
  readonly #dir: string;
  readonly #mode: Mode;
  readonly #kills: Kill[];
  readonly #hooks: Server;
  readonly #ids = new Map<string, InteractionId>();
  #store!: Store;
  #intake!: Intake;
  #program!: Program;
  /** How often the program was killed, and the store opened. */
  kills = 0;

  private constructor(portal: Portal, dir: string, time: DayClock, mode: Mode, kills: readonly Kill[]) {
    this.portal = portal;
    this.#dir = dir;
    this.blobs = new FileBlobs(join(dir, 'blobs'));
    this.#time = time;
    this.#mode = mode;
    this.#kills = [...kills];
    this.population = settle(portal);
    this.#hooks = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const query = Object.fromEntries(new URL(request.url ?? '/', 'http://x').searchParams);
      const { method = '', headers } = request;
      const answer = await this.#program.receive({ method, query, headers, body: Buffer.concat(chunks) });
      response.writeHead(answer?.status ?? 404, answer?.headers).end(answer?.body);
    });
  }

  /** Opens the office at the beginning of the day. Each of `kills` is a death of the program, in order. */
  static async open(mode: Mode, begin: number, kills: readonly Kill[]): Promise<DayOffice> {
    const dir = await mkdtemp(join(tmpdir(), 'patchbay-b24-day-'));
    const time = new DayClock(begin);
    const portal = await startPortal({
      clock: { now: () => time.at },
      users: portalUsers,
      rate: 'off',
      keepRequests: false,
      ...(mode === 'app'
        ? { app: { ...app, scopes: ['crm', 'telephony', 'user'] } }
        : {
            webhookCallsRefused: false,
            webhooks: [{ userId: owner, secret: 'hook', scopes: ['crm', 'telephony', 'user'] }],
          }),
    });
    const office = new DayOffice(portal, dir, time, mode, kills);
    await office.#openStore();
    const { clients } = office.population;
    await office.apply([
      { op: 'staff', staff, at: begin },
      { op: 'destinations', names: [core], wants: { [core]: bitrix24.wants }, at: begin },
      { op: 'put-clients', clients, at: begin },
    ]);
    await new Promise<void>((resolve) => office.#hooks.listen(0, '127.0.0.1', resolve));
    office.#start();
    if (mode === 'app') {
      const status = await portal.install(`${office.#url}/api/v1/hooks/${core}`);
      if (status !== 200) throw new Error(`the application was not installed: ${status}`);
    }
    return office;
  }

  async close(): Promise<void> {
    vi.restoreAllMocks();
    await this.#program.end();
    this.#hooks.close();
    await this.portal.close();
    await this.#store.close();
    await rm(this.#dir, { recursive: true, force: true });
  }

  get now(): number {
    return this.#time.at;
  }

  get read(): Store['read'] {
    return this.#store.read;
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#hooks.address() as AddressInfo).port}`;
  }

  /** What was taken in under a key. */
  id(key: string): InteractionId | null {
    return this.#ids.get(key) ?? null;
  }

  /** The key under which something was taken in first. */
  keyOf(id: string): string | null {
    return [...this.#ids].find(([, one]) => one === id)?.[0] ?? null;
  }

  /** How many of some files exist. */
  async filesOf(attachments: readonly Attachment[]): Promise<number> {
    let count = 0;
    for (const { id, bytes } of attachments) {
      const file = await this.read.attachment(id);
      if (file !== null && bytes > 0 && (await this.blobs.size(file.blob)) === bytes) count += 1;
    }
    return count;
  }

  async interaction(key: string): Promise<Interaction | null> {
    const id = this.id(key);
    return id === null ? null : this.read.interaction(id);
  }

  /** Applies writes. A refusal of the store is returned, since people may decide what is no longer possible. */
  async apply(writes: readonly Write[]): Promise<readonly WriteResult[]> {
    return this.#intake.apply(writes);
  }

  async emit(event: ContactEvent): Promise<void> {
    const [result] = await this.apply([{ op: 'contact', event }]);
    if (result?.ok !== true) throw new Error(`${event.key} was refused: ${JSON.stringify(result)}`);
    const [change] = result.changes;
    if (change !== undefined && !this.#ids.has(event.key)) this.#ids.set(event.key, change.interaction.id);
  }

  /** A recording of a file on this machine. */
  async recording(name: string, sound: string, more: Pick<CallRecording, 'startedAt' | 'kind' | 'leg'>) {
    const path = join(this.#dir, name);
    await writeFile(path, sound);
    return { ...more, file: name, path, state: 'ready', seconds: 30, mime: 'audio/wav', bytes: sound.length } as const;
  }

  /** Moves the clock on, and delivers what becomes due meanwhile. */
  async until(time: number): Promise<void> {
    await this.#deliver(time);
    this.#time.at = Math.max(this.now, time);
  }

  /** Delivers until nothing is owed any more, however long that takes on the clock of the day. */
  async settle(): Promise<void> {
    await this.#deliver(Number.POSITIVE_INFINITY);
  }

  async #deliver(time: number): Promise<void> {
    for (;;) {
      await this.#program.deliverDue();
      if (this.#program.isDead) {
        await this.#restart();
        continue;
      }
      const next = await this.read.owedNext(core);
      if (next === null || next > time) return;
      this.#time.at = Math.max(this.now, next);
    }
  }

  async #openStore(): Promise<void> {
    const url = storeUrl(join(this.#dir, 'day.db'));
    const options = { url, country: 'RU', publicUrl: 'https://patchbay.example' } as const;
    this.#store = await openStoreWith(options, {
      carryOut: stepsUnder(options),
      spawnWriter: (thread) =>
        spawnThread(import.meta.url, '../../../support/timed-writer', {
          ...thread,
          workerData: { ...thread.workerData, clock: this.#time.shared },
        }),
    });
    this.#intake = new Intake(this.#store, silentLogger, new TextReader(inProcessJobs, 'RU'));
    this.#intake.changes.on('followUp', (news) => {
      if (news.kind === 'lead') this.leads.set(news.lead.id, news.lead);
      else this.tasks.set(news.task.id, news.task);
    });
  }

  async #restart(): Promise<void> {
    this.kills += 1;
    await this.#program.end();
    // The store itself is opened again only now and then: that is the slow part of a start.
    if (this.kills % 4 === 1) {
      await this.#store.close();
      await this.#openStore();
    }
    this.#start();
  }

  #start(): void {
    const { portal } = this;
    this.log.life += 1;
    const reached =
      this.#mode === 'app'
        ? { app: { portal: portal.root, ...app, userId: undefined, oauth: portal.root } }
        : { webhook: portal.webhookUrl(owner, 'hook') };
    const config = Value.Default(Bitrix24Schema, {
      kind: 'bitrix24',
      language: 'en',
      limits: { perSecond: 0 },
      users: mappedUsers,
      written: { erase: true },
      tasks: { missed: true, unanswered: true },
      stages: { qualified: 'PROCESSED' },
      ...JSON.parse(JSON.stringify(reached)),
    }) as { readonly kind: string };
    this.#program = new Program({
      config,
      store: this.#store,
      intake: this.#intake,
      blobs: this.blobs,
      clock: { now: () => this.now },
      publicUrl: this.#url,
      log: this.log,
      nextKill: () => this.#kills.shift() ?? null,
    });
  }
}

/** A key of something that the schedule makes up. */
export function ownKey(connection: string, id: string) {
  return eventKey(connection, `day-${id}`);
}
