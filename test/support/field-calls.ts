import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moduleSchemas } from '../../src/cli/context.ts';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/load.ts';
import { AsteriskConnection } from '../../src/connectors/asterisk/connection.ts';
import type { AsteriskConfig } from '../../src/connectors/asterisk/schema.ts';
import type { ConnectorContext } from '../../src/connectors/contract.ts';
import type { FollowUp, Lead, Task } from '../../src/domain/follow-up/follow-up.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change } from '../../src/domain/ports/writes.ts';
import { Intake } from '../../src/intake/intake.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { AmiTestServer, emptyLists } from './ami-server.ts';
import { connectorContext } from './connector-context.ts';
import { storeUrl } from './test-store.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);

/** What a case of `field-cases/calls/expected.json` says; its README explains the keys. */
export interface FieldCase {
  readonly about: string;
  readonly interactions?: unknown;
  readonly leads?: number;
  readonly tasks?: number;
  readonly config?: Readonly<Record<string, object>>;
  readonly wire?: string;
  readonly args?: readonly string[];
  readonly most?: { readonly legs: number; readonly bytes: number };
  readonly pops?: Readonly<Record<string, number>>;
}

/** An event with its time in milliseconds since the beginning. */
export interface FieldStep {
  readonly at: number;
  readonly event: Readonly<Record<string, string>>;
}

/** What became of a stream. */
export interface FieldResult {
  /** All interactions except those that were merged into another. */
  readonly interactions: readonly Interaction[];
  readonly leads: readonly Lead[];
  readonly tasks: readonly Task[];
  /** How often a call popped up on each manager's desk. */
  readonly pops: Readonly<Record<string, number>>;
  /** Calls that the connection still keeps in memory. */
  readonly open: number;
}

/** A folder of event streams with what is expected of them. */
export interface CallCases {
  readonly config: Readonly<Record<string, object>>;
  readonly cases: Readonly<Record<string, FieldCase>>;
  /** The events of a case; a `.mjs` file generates them. */
  steps(file: string, args?: readonly string[]): readonly FieldStep[];
}

/** Reads `test/fixtures/<folder>/calls/`. */
export function callCases(folder: 'field-cases' | 'own-cases'): CallCases {
  const url = new URL(`${folder}/calls/`, FIXTURES);
  const expected = JSON.parse(readFileSync(new URL('expected.json', url), 'utf8')) as Pick<
    CallCases,
    'config' | 'cases'
  >;
  return { ...expected, steps: (file, args = []) => readSteps(new URL(file, url).pathname, args) };
}

function readSteps(path: string, args: readonly string[]): readonly FieldStep[] {
  const options = { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 } as const;
  const text = path.endsWith('.mjs') ? execFileSync('node', [path, ...args], options) : readFileSync(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FieldStep);
}

/** The cases that came with the issue; {@link callCases} reads those that were written later. */
export const { config: fieldConfig, cases: fieldCases, steps: fieldSteps } = callCases('field-cases');

/** The bytes of an event as the PBX sends it. */
function packet(event: FieldStep['event'], charset: string): Buffer {
  const text = `${Object.entries(event)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;
  return charset === 'utf8' ? Buffer.from(text) : Buffer.from(Array.from(text, (sign) => byteOf(sign, charset)));
}

function byteOf(sign: string, charset: string): number {
  const code = sign.charCodeAt(0);
  if (code < 0x80) return code;
  const decoder = new TextDecoder(charset === 'cp1251' ? 'windows-1251' : charset);
  for (let byte = 0x80; byte < 0x100; byte++) if (decoder.decode(Uint8Array.of(byte)) === sign) return byte;
  throw new Error(`${charset} has no ${sign}`);
}

/** The configuration of a case, as production reads it: the folder's, with what differs in the case. */
function configOf({ config: changes = {} }: Pick<FieldCase, 'config'>): Config {
  const { connector, ...rest } = fieldConfig;
  const { connector: otherwise, ...others } = changes;
  const ami = { host: '127.0.0.1', port: 5038, username: 'pb', secret: 'pb' };
  const connectors = { pbx: { ...connector, ...otherwise, ami } };
  return parseConfig(JSON.stringify({ ...rest, ...others, connectors }), 'field.yaml', moduleSchemas, {});
}

/** What replaces parts of production in a case. */
export interface FieldChange {
  readonly settings?: Partial<AsteriskConfig>;
  readonly context?: Partial<ConnectorContext>;
}

/**
 * Plays event streams through production's way: bytes on an AMI socket, the parser, the connection with its tracker and outbox,
 * intake and a real store. The clock shows the events' own times, and each commit is awaited before time goes on.
 *
 * One office serves all cases of a test file; each case is a connection of its own. To extend it, give {@link FieldOffice.play}
 * a `change` of the connector's settings (`recordings`, say) or context, and an `inspect` that runs before the connection stops:
 * the interactions are in the result, the store and its recordings at hand.
 */
export class FieldOffice {
  readonly #directory = mkdtempSync(join(tmpdir(), 'patchbay-field-'));
  #played = 0;
  store!: Store;
  intake!: Intake;

  async open(): Promise<void> {
    const url = storeUrl(join(this.#directory, 'field.db'));
    this.store = await openStore({ url, country: 'RU', publicUrl: 'http://127.0.0.1' });
    this.intake = new Intake(this.store, silentLogger);
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Plays a case whose first event was at a full hour three hours ago. */
  async play(
    steps: readonly FieldStep[],
    one: FieldCase,
    change: FieldChange = {},
    inspect: (result: FieldResult) => Promise<void> = async () => undefined,
  ): Promise<FieldResult> {
    const start = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3 * 3_600_000;
    const config = configOf(one);
    const { managers, lines } = config;
    await this.intake.apply([{ op: 'staff', staff: { managers, lines }, at: start }]);
    const outcome = new Outcome();
    const stopChanges = this.intake.changes.on('change', (news) => outcome.take(news));
    const stopFollowUps = this.intake.changes.on('followUp', (news) => outcome.follow(news));
    this.#played += 1;
    const settings = { ...(config.connectors.pbx as unknown as AsteriskConfig), ...change.settings };
    const pbx = await FieldPbx.open(`pbx${this.#played}`, settings, {
      country: config.company.country,
      staff: () => ({ managers, lines }),
      emit: (event) => this.intake.emit(event),
      ...change.context,
    });
    try {
      await pbx.play(steps, start, one.wire);
      await inspect(outcome.result(pbx.connection.size));
      return outcome.result(pbx.connection.size);
    } finally {
      await pbx.close();
      stopChanges();
      stopFollowUps();
    }
  }
}

/** Collects what a case changes, from the news of an intake. */
export class Outcome {
  readonly #interactions = new Map<string, Interaction>();
  readonly #leads = new Map<string, Lead>();
  readonly #tasks = new Map<string, Task>();
  readonly #pops = new Map<string, number>();

  take({ interaction, desk }: Change): void {
    this.#interactions.set(interaction.id, interaction);
    for (const { manager, kind } of desk)
      if (kind === 'pop') this.#pops.set(manager, (this.#pops.get(manager) ?? 0) + 1);
  }

  follow(news: FollowUp): void {
    if (news.kind === 'lead') this.#leads.set(news.lead.id, news.lead);
    else this.#tasks.set(news.task.id, news.task);
  }

  result(open: number): FieldResult {
    return {
      interactions: [...this.#interactions.values()].filter(({ mergedInto }) => mergedInto === null),
      leads: [...this.#leads.values()].filter(({ state }) => state === 'open'),
      tasks: [...this.#tasks.values()].filter(({ state }) => state === 'open'),
      pops: Object.fromEntries(this.#pops),
      open,
    };
  }
}

/** A scripted PBX and the connection to it. */
class FieldPbx {
  readonly connection: AsteriskConnection;
  readonly #server: AmiTestServer;
  readonly #emits = new Set<Promise<void>>();
  #now = 0;
  #isMarkBusy = false;
  #handled: () => void = () => undefined;
  #ready: () => void = () => undefined;

  private constructor(
    server: AmiTestServer,
    settings: AsteriskConfig,
    name: string,
    change: Partial<ConnectorContext>,
  ) {
    this.#server = server;
    this.connection = new AsteriskConnection(
      settings,
      connectorContext(name, {
        clock: { now: () => this.#now },
        reportState: (state) => state === 'ready' && this.#ready(),
        reportDevices: () => this.#handled(),
        ...change,
        ...(change.emit !== undefined && { emit: (event) => this.#track(change.emit?.(event) ?? Promise.resolve()) }),
      }),
    );
  }

  /** Connects, and resolves when the connection follows the calls. */
  static async open(name: string, settings: AsteriskConfig, change: Partial<ConnectorContext>): Promise<FieldPbx> {
    const server = new AmiTestServer();
    server.answer = emptyLists;
    // Cases are played faster than any PBX is, step by step.
    const ami = { ...settings.ami, port: await server.listen(), readPace: 0 };
    const pbx = new FieldPbx(server, { ...settings, ami }, name, change);
    const ready = new Promise<void>((resolve) => {
      pbx.#ready = resolve;
    });
    await pbx.connection.start();
    await ready;
    return pbx;
  }

  /** Plays a stream whose first event is at `start`. */
  async play(steps: readonly FieldStep[], start: number, charset = 'utf8'): Promise<void> {
    for (let i = 0; i < steps.length; ) {
      const { at } = steps[i] as FieldStep;
      this.#now = start + at;
      for (; steps[i]?.at === at; i++) this.#server.say(packet((steps[i] as FieldStep).event, charset));
      await this.#settle();
    }
  }

  async close(): Promise<void> {
    await this.connection.stop();
    await this.#server.close();
  }

  /** Resolves when the connection has handled everything that was sent, and everything it emitted is committed. */
  async #settle(): Promise<void> {
    const handled = new Promise<void>((resolve) => {
      this.#handled = resolve;
    });
    // The report of a telephone comes back in the order of the events. Only changes of its state are reported.
    this.#isMarkBusy = !this.#isMarkBusy;
    const state = this.#isMarkBusy ? 'INUSE' : 'NOT_INUSE';
    this.#server.say(`Event: DeviceStateChange\r\nDevice: PJSIP/199\r\nState: ${state}\r\n\r\n`);
    await handled;
    await this.connection.settled();
    while (this.#emits.size > 0) {
      await Promise.all(this.#emits);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #track(emit: Promise<void>): Promise<void> {
    this.#emits.add(emit);
    const done = () => this.#emits.delete(emit);
    emit.then(done, done);
    return emit;
  }
}
