import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { onTestFinished } from 'vitest';
import { bitrix24 } from '../../../../src/crm/bitrix24/core.ts';
import { Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import type { CoreContext } from '../../../../src/crm/contract.ts';
import type { Cores, CoresParts } from '../../../../src/crm/cores.ts';
import type { CoreKinds } from '../../../../src/crm/registry.ts';
import { type Phrase, transcriptOf } from '../../../../src/domain/call/transcript.ts';
import type { AttemptResult } from '../../../../src/domain/delivery/destination.ts';
import type { Client } from '../../../../src/domain/directory/client.ts';
import type { Staff } from '../../../../src/domain/directory/manager.ts';
import type { CallRecording, CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import type { Store } from '../../../../src/domain/ports/store.ts';
import type { Write } from '../../../../src/domain/ports/writes.ts';
import { Intake } from '../../../../src/intake/intake.ts';
import { openStore } from '../../../../src/intake/open-store.ts';
import { TextReader } from '../../../../src/intake/text-reader.ts';
import { inProcessJobs } from '../../../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import { callStart, client, manager } from '../../../support/calls.ts';
import { coresOf } from '../../../support/cores.ts';
import { storeUrl } from '../../../support/test-store.ts';
import { because } from '../../../support/written.ts';

/** Anna, Boris and Vera have the portal's users 1, 2 and 3; Gleb (104) is unknown there. User 9 owns the webhook. */
const staff: Staff = {
  managers: [manager('anna', '101'), manager('boris', '102'), manager('vera', '103'), manager('gleb', '104')],
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

const users = [
  { id: 1, name: 'Anna', extension: '101' },
  { id: 2, name: 'Boris', extension: '102' },
  { id: 3, name: 'Vera', extension: '103' },
  { id: 9, name: 'Owner', admin: true },
];

/** The number of the client in the tests' calls. */
export const phone = '+79161234567';

/** Something that dies before its nth write to the ledger, as if the program was killed. */
export class Killed extends Error {}

/** An office whose calls are delivered to a scripted portal. */
export class Branch {
  readonly portal: Portal;
  readonly store: Store;
  readonly #intake: Intake;
  readonly #dir: string;
  readonly #time: { at: number };
  readonly #clock = { now: () => this.#time.at };
  readonly #settings: object;
  readonly #parts: Partial<CoresParts>;
  readonly #delivered = new Map<string, number>();
  /** Writes to the ledger before the program is killed. */
  killAfter = Number.POSITIVE_INFINITY;
  kills = 0;

  constructor(
    portal: Portal,
    store: Store,
    dir: string,
    time: { at: number },
    settings: object,
    parts: Partial<CoresParts>,
  ) {
    this.portal = portal;
    this.store = store;
    this.#dir = dir;
    this.#time = time;
    this.#settings = settings;
    this.#parts = parts;
    this.#intake = new Intake(store, silentLogger, new TextReader(inProcessJobs, 'RU'));
  }

  static async open(
    settings: object = {},
    options: PortalOptions = {},
    parts: Partial<CoresParts> = {},
  ): Promise<Branch> {
    const dir = await mkdtemp(join(tmpdir(), 'patchbay-b24-'));
    const store = await openStore({
      url: storeUrl(join(dir, 'test.db')),
      country: 'RU',
      publicUrl: 'http://127.0.0.1',
    });
    const time = { at: callStart };
    const portal = await startPortal({
      clock: { now: () => time.at },
      users,
      rate: 'off',
      webhookCallsRefused: false,
      webhooks: [{ userId: 9, secret: 'hook', scopes: ['crm', 'telephony', 'user'] }],
      ...options,
    });
    const branch = new Branch(portal, store, dir, time, settings, parts);
    onTestFinished(async () => {
      await portal.close();
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

  /** A client of the portal's directory, whose responsible is a manager. */
  async addClient(id: string, responsible: string | null, more: Partial<Client> = {}): Promise<void> {
    const one = { ...client(`b24:${id}`, [phone]), responsible, ...more } as Client;
    await this.apply([{ op: 'put-clients', clients: [one], at: callStart }]);
  }

  /** A recording of a file on this machine. */
  async recording(name: string, sound: string, more: Partial<CallRecording> = {}): Promise<CallRecording> {
    const path = join(this.#dir, name);
    await writeFile(path, sound);
    return {
      file: name,
      path,
      leg: null,
      kind: 'call',
      state: 'ready',
      startedAt: callStart,
      seconds: 30,
      mime: name.endsWith('.mp3') ? 'audio/mpeg' : 'audio/wav',
      bytes: sound.length,
      ...more,
    };
  }

  /** Emits a snapshot and delivers the call's latest state, as often as it takes. Returns the last result. */
  async tell(snapshot: CallSnapshot): Promise<AttemptResult> {
    await this.#intake.emit(snapshot);
    return this.deliver();
  }

  /** Brings the transcript of a recording, and delivers the call's latest state. */
  async say(snapshot: CallSnapshot, file: string, phrases: readonly Phrase[]): Promise<AttemptResult> {
    const transcript = transcriptOf({ language: 'ru', source: null, phrases });
    await this.#intake.emit({ kind: 'transcript', key: snapshot.key, connection: 'pbx', file, transcript });
    return this.deliver();
  }

  async emit(snapshot: CallSnapshot): Promise<void> {
    await this.#intake.emit(snapshot);
  }

  /** The calls, the newest first. */
  async calls(): Promise<readonly Interaction[]> {
    return (await this.store.read.interactions({ limit: 50, cursor: null })).items;
  }

  /** Delivers each changed call until the portal has it all, each time by a program that was just started. */
  async deliver(attempts = 40): Promise<AttemptResult> {
    let result: AttemptResult = { kind: 'done', link: null };
    for (const call of (await this.calls()).toReversed()) {
      if (this.#delivered.get(call.id) === call.revision) continue;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        result = await this.attempt(call);
        if (result.kind !== 'retry') {
          this.#delivered.set(call.id, call.revision);
          break;
        }
      }
    }
    return result;
  }

  async attempt(call: Interaction, urgent = false, signal = AbortSignal.timeout(20_000)): Promise<AttemptResult> {
    const [one] = this.#cores({}).destinations;
    if (one === undefined) throw new Error('no destination');
    const { kills } = this;
    const result = await one.destination.deliver({ kind: 'interaction', interaction: call }, signal, urgent);
    // A program that died cannot write how its attempt ended.
    return this.kills > kills ? { kind: 'retry', reason: because('killed'), after: null, status: null } : result;
  }

  /** The core's context, for what other parts of it call. */
  context(): CoreContext {
    let made: CoreContext | null = null;
    const create = (_config: never, context: CoreContext) => {
      made = context;
      return { deliver: async () => ({ kind: 'done', link: null }) as const };
    };
    this.#cores({ bitrix24: { ...bitrix24, create } });
    if (made === null) throw new Error('no core was made');
    return made;
  }

  #cores(kinds: CoreKinds): Cores {
    const apply = (writes: readonly Write[]) => this.#write(writes);
    const office = { store: this.store, clock: this.#clock, log: silentLogger, intake: { apply } };
    return coresOf(
      office as never,
      { b24: this.#config() },
      {
        kinds: { bitrix24: bitrix24 as never, ...kinds },
        staff: () => staff,
        ...this.#parts,
      },
    );
  }

  #config(): { readonly kind: string } {
    return Value.Default(Bitrix24Schema, {
      kind: 'bitrix24',
      webhook: this.portal.webhookUrl(9, 'hook'),
      timeout: 1,
      limits: { perSecond: 0 },
      unknown: 'none',
      ...structuredClone(this.#settings),
    }) as { readonly kind: string };
  }

  #write(writes: readonly Write[]) {
    if (writes.some(({ op }) => op === 'ledger')) {
      this.killAfter -= 1;
      if (this.killAfter < 0) {
        // The rest of the program dies with it; a new one starts with the next attempt.
        this.killAfter = Number.POSITIVE_INFINITY;
        this.kills += 1;
        return Promise.reject(new Killed());
      }
    }
    return this.#intake.apply(writes);
  }

  /** The finished calls as the portal's statistics show them, without ids. */
  rows(of = ''): readonly object[] {
    const rows = [...this.portal.state.statistics.values()].filter((row) => (row.externalCallId ?? '').startsWith(of));
    return rows.map(({ userId, phone, type, duration, code, startedAt }) => ({
      userId,
      phone,
      type,
      duration,
      code,
      at: new Date(startedAt).toISOString().slice(11, 19),
    }));
  }

  /** The portal users who have a call card open. */
  openCards(): readonly number[] {
    return [...this.portal.state.calls.values()].flatMap(({ shownTo }) => [...shownTo]);
  }

  /** Contents of the attached records. */
  records(): readonly string[] {
    return [...this.portal.state.records.values()].map(({ bytes }) => String(bytes));
  }

  /** The attached transcripts: who said what, and when. */
  transcripts(): readonly string[] {
    const all = [...this.portal.state.transcripts.values()];
    return all.map((lines) => lines.map((one) => `${one.side} ${one.start}-${one.stop} ${one.text}`).join(', '));
  }

  /** How often a method was called. */
  count(method: string): number {
    return this.portal.state.counts.get(method) ?? 0;
  }

  fault(method: string, kind: FaultKind, times = 1): void {
    this.portal.faults.on(method, kind, { times });
  }
}
