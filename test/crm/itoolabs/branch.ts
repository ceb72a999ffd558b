import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { onTestFinished } from 'vitest';
import type { Cores } from '../../../src/crm/cores.ts';
import { ItoolabsSchema } from '../../../src/crm/itoolabs/schema.ts';
import type { AttemptResult } from '../../../src/domain/delivery/destination.ts';
import type { Staff } from '../../../src/domain/directory/manager.ts';
import type { CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
import type { Write } from '../../../src/domain/ports/writes.ts';
import { Intake } from '../../../src/intake/intake.ts';
import { openStore } from '../../../src/intake/open-store.ts';
import { TextReader } from '../../../src/intake/text-reader.ts';
import { requestCall } from '../../../src/outbound/request-call.ts';
import { inProcessJobs } from '../../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { callStart, client, manager } from '../../support/calls.ts';
import { coresOf } from '../../support/cores.ts';
import { type Onec, startOnec } from '../../support/onec/onec.ts';
import { unfParameters } from '../../support/onec/telephony/parameters.ts';
import { storeUrl } from '../../support/test-store.ts';

/** Anna and Boris are managers here and employees in УНФ. */
const staff: Staff = {
  managers: [manager('anna', '101', { email: 'anna@example.com' }), manager('boris', '102'), manager('vera', '103')],
  lines: [
    {
      id: 'main',
      channel: 'call',
      address: '74951234567',
      label: 'Main',
      connection: null,
      attribution: { source: null, medium: null, campaign: null },
      route: null,
    },
  ],
};

const sales = { id: 'sales', members: ['anna', 'boris'], strategy: 'all', queue: '800' } as const;

/** The number in the tests' calls. */
export const phone = '+79161234567';

/** Something that dies before its nth write to the ledger, as if the program was killed. */
class Killed extends Error {}

/** An office whose calls are told to a scripted УНФ, and which takes its commands. */
export class Branch {
  readonly onec: Onec;
  readonly store: Store;
  readonly hookUrl: string;
  readonly #intake: Intake;
  readonly #time: { at: number };
  readonly #settings: object;
  readonly #told = new Map<string, number>();
  /** Writes to the ledger before the program is killed. */
  killAfter = Number.POSITIVE_INFINITY;
  kills = 0;

  constructor(onec: Onec, store: Store, time: { at: number }, settings: object, hookUrl: string) {
    this.onec = onec;
    this.store = store;
    this.hookUrl = hookUrl;
    this.#time = time;
    this.#settings = settings;
    this.#intake = new Intake(store, silentLogger, new TextReader(inProcessJobs, 'RU'));
  }

  static async open(settings: object = {}): Promise<Branch> {
    const dir = await mkdtemp(join(tmpdir(), 'patchbay-unf-'));
    const store = await openStore({
      url: storeUrl(join(dir, 'test.db')),
      country: 'RU',
      publicUrl: 'http://127.0.0.1',
    });
    const time = { at: callStart };
    let branch: Branch | null = null;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = '', headers } = request;
      const given = { method, query: {}, headers, body: Buffer.concat(chunks) };
      const answer = await branch?.cores().hookReceiver('unf')?.receive(given);
      response.writeHead(answer?.status ?? 404, { 'content-type': answer?.type ?? 'text/plain' });
      response.end(answer?.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const hookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const onec = await startOnec({
      preset: 'unf',
      clock: { now: () => time.at },
      telephony: { key: 'unf-key', pbx: hookUrl, token: 'pbx-key' },
    });
    branch = new Branch(onec, store, time, settings, hookUrl);
    onTestFinished(async () => {
      server.close();
      await onec.close();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    });
    await branch.apply([{ op: 'staff', staff, at: callStart }]);
    return branch;
  }

  pass(seconds: number): void {
    this.#time.at += seconds * 1000;
  }

  apply(writes: readonly Write[]) {
    return this.#intake.apply(writes);
  }

  /** A client whose responsible is a manager of ours. */
  async addClient(responsible: string): Promise<void> {
    const one = { ...client('unf:7', [phone]), responsible };
    await this.apply([{ op: 'put-clients', clients: [one], at: callStart }]);
  }

  /** Emits a snapshot and delivers the call's latest state, as often as it takes. */
  async tell(snapshot: CallSnapshot): Promise<AttemptResult> {
    await this.emit(snapshot);
    return this.deliver();
  }

  emit(snapshot: CallSnapshot): Promise<unknown> {
    return this.#intake.emit(snapshot);
  }

  async calls(): Promise<readonly Interaction[]> {
    return (await this.store.read.interactions({ limit: 50, cursor: null })).items;
  }

  /** Delivers each changed call until УНФ has it all, each time by a program that was just started. */
  async deliver(attempts = 40): Promise<AttemptResult> {
    let result: AttemptResult = { kind: 'done', link: null };
    for (const call of (await this.calls()).toReversed()) {
      if (this.#told.get(call.id) === call.revision) continue;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const { kills } = this;
        result = await this.attempt(call);
        // A program that died does not know how its attempt ended.
        if (this.kills > kills || result.kind === 'retry') continue;
        this.#told.set(call.id, call.revision);
        break;
      }
    }
    return result;
  }

  attempt(interaction: Interaction): Promise<AttemptResult> {
    const [one] = this.cores().destinations;
    if (one === undefined) throw new Error('no destination');
    return one.destination.deliver({ kind: 'interaction', interaction }, AbortSignal.timeout(20_000));
  }

  /** The cores of a program that was just started. */
  cores(): Cores {
    const apply = (writes: readonly Write[]) => this.#write(writes);
    const clock = { now: () => this.#time.at };
    const calling = {
      apply,
      clock,
      staff: () => staff,
      country: 'RU',
      sending: () => [{ connection: 'pbx', channel: 'call' as const }],
    };
    const config = Value.Default(ItoolabsSchema, {
      kind: 'itoolabs',
      url: this.onec.telephonyUrl.replace(/\/$/, ''),
      key: 'unf-key',
      token: 'pbx-key',
      timeout: 1,
      ...structuredClone(this.#settings),
    }) as { readonly kind: string };
    return coresOf(
      { store: this.store, clock, log: silentLogger, intake: { apply } } as never,
      { unf: config },
      {
        staff: () => staff,
        groups: () => ({ sales }),
        timezone: 'Europe/Moscow',
        history: ({ phone: _any, ...query }) => this.store.read.interactions(query),
        requestCall: (request, known) => requestCall(calling, request, known),
      },
    );
  }

  #write(writes: readonly Write[]) {
    if (writes.some(({ op }) => op === 'ledger')) {
      this.killAfter -= 1;
      if (this.killAfter < 0) {
        this.killAfter = Number.POSITIVE_INFINITY;
        this.kills += 1;
        return Promise.reject(new Killed());
      }
    }
    return this.#intake.apply(writes);
  }

  /** What УНФ was sent, in short: `INCOMING 101`, `history Success 30`. */
  sent(): readonly string[] {
    return this.messages().map((one) =>
      one.cmd === 'event'
        ? `${one.type} ${one.ext}`
        : `${one.cmd} ${one.status ?? one.phone} ${one.duration ?? ''}`.trim(),
    );
  }

  messages(): readonly Readonly<Record<string, string>>[] {
    return this.onec.asked
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => Object.fromEntries(unfParameters(String(body))));
  }

  /** УНФ's records of calls. */
  records() {
    return this.onec.view.records('ДанныеЗвонков');
  }

  /** УНФ's list of missed calls. */
  missed() {
    return this.onec.view.records('КонтактЦентрВходящее');
  }
}
