import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../../src/cli/context.ts';
import { askRoute } from '../../../src/cli/demo/agi-side.ts';
import type { Outgoing } from '../../../src/cli/demo/scripted-outgoing.ts';
import { type CallScript, ScriptedPbx } from '../../../src/cli/demo/scripted-pbx.ts';
import { parseConfig } from '../../../src/config/load.ts';
import type { ClientId } from '../../../src/domain/base/ids.ts';
import type { Client } from '../../../src/domain/directory/client.ts';
import type { Write, WriteResult } from '../../../src/domain/ports/writes.ts';
import { type Patchbay, startPatchbay } from '../../../src/main.ts';
import { createLogger } from '../../../src/runtime/log.ts';
import { hashPassword } from '../../../src/runtime/password.ts';
import { sleep } from '../../../src/runtime/sleep.ts';
import { queueUrl, storeUrl } from '../../support/test-store.ts';

const ami = { username: 'patchbay', secret: 'browser' };
/** Far from the browsers' time zones, so that a time in the wrong zone is noticed. */
export const companyZone = 'Asia/Vladivostok';
export const password = 'of-anna-only';
/** A name that would execute if inserted as HTML. */
export const hostile = '<img src=x onerror="window.hacked=1">';

/** A call that the page started; the test decides its steps. */
export interface AskedCall {
  readonly number: string;
  /** Whether the manager picks up, or lets the phone ring out. */
  take(taken: boolean): void;
  /** Whether the client answers. */
  answer(answered: boolean): void;
  hangUp(): void;
}

/** The whole program behind a scripted PBX, with the built page. */
export interface DeskOffice {
  readonly url: string;
  readonly setupUrl: string;
  readonly pbx: ScriptedPbx;
  /** Creates users and clients after the first set-up. */
  fill(): Promise<void>;
  /** Writes directly into the store. */
  apply(writes: readonly Write[]): Promise<readonly WriteResult[]>;
  /** Links an account to a manager, as `patchbay user set` does. Ends its sessions. */
  link(login: string, manager: string | null): Promise<void>;
  /** A call that rings until `end` is called, or is answered after `ringMs`. */
  call(from: string, change?: Partial<CallScript>): { readonly end: () => Promise<void> };
  /** Ends all calls that are still in progress. */
  endCalls(): Promise<void>;
  /** The next call started from the page. */
  asked(): Promise<AskedCall>;
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** Opens it, without users. `connectors`: its connections besides the PBX. `more`: further keys of the configuration. */
export async function openDeskOffice(
  connectors: Readonly<Record<string, object>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<DeskOffice> {
  if (!existsSync(new URL('../../../dist/web/index.html', import.meta.url)))
    throw new Error('the page is not built: run `npm run build` before the browser tests');
  const directory = await mkdtemp(join(tmpdir(), 'patchbay-browser-'));
  const asking = new Asking();
  const pbx = new ScriptedPbx({ ...ami, extensions: ['101', '102'], speed: 1, outgoing: asking.begin });
  const amiPort = await pbx.ami.listen();
  const start = (port: number) => {
    const text = stringify({
      company: { name: 'Test', country: 'RU', timezone: companyZone, language: 'ru' },
      http: { host: '127.0.0.1', port },
      store: { url: storeUrl(join(directory, 'test.db')) },
      queue: { url: queueUrl() },
      managers: [
        { id: 'anna', name: 'Анна Иванова', extensions: ['101'], user: 'anna' },
        { id: 'petr', name: 'Пётр Петров', extensions: ['102'], user: 'petr' },
      ],
      lines: [
        { id: 'main', channel: 'call', address: '74951200001', label: 'Основной номер' },
        { id: 'site', channel: 'form', label: 'Сайт' },
      ],
      routing: { fallback: 'manager:anna', ringTimeout: 20 },
      // No test waits ten seconds for what it sends.
      messages: { undo: '100ms' },
      connectors: {
        pbx: {
          kind: 'asterisk',
          ami: { host: '127.0.0.1', port: amiPort, ...ami },
          agi: { port: 0 },
          extensions: '^10\\d$',
          clickToCall: { context: 'patchbay-call' },
          callControl: { context: 'internal' },
        },
        ...connectors,
      },
      ...more,
    });
    return startPatchbay(parseConfig(text, 'browser.yaml', moduleSchemas, {}), createLogger({ level: 'silent' }));
  };
  let patchbay: Patchbay = await start(0);
  const { url, setupUrl } = patchbay;
  const calls = new Set<Promise<unknown>>();
  const ending = new Set<AbortController>();
  const endCalls = async () => {
    for (const controller of ending) controller.abort();
    await Promise.all(calls);
    ending.clear();
    calls.clear();
  };
  return {
    url,
    setupUrl: setupUrl ?? '',
    pbx,
    async fill() {
      const passwordHash = await hashPassword(password);
      const users = ['anna', 'petr'].map((login) => ({
        login,
        role: 'operator' as const,
        manager: login,
        passwordHash,
      }));
      await patchbay.store.apply([
        ...users.map((user) => ({ op: 'put-user' as const, user })),
        { op: 'put-clients', clients: clients(), at: Date.now() },
      ]);
    },
    apply: (writes) => patchbay.store.apply(writes),
    async link(login, manager) {
      await patchbay.store.apply([{ op: 'change-user', login, change: { manager } }]);
    },
    call(from, change = {}) {
      const controller = new AbortController();
      ending.add(controller);
      const script = { from, name: '', did: '74951200001', ringMs: 14_000, talkMs: 60_000, ...change };
      const port = patchbay.agiPorts.pbx ?? 0;
      const over = annaIsFree(port, controller.signal).then(() => pbx.inbound(script, port, controller.signal));
      calls.add(over);
      return {
        end: async () => {
          controller.abort();
          await over;
        },
      };
    },
    endCalls,
    asked: () => asking.next(),
    down: () => patchbay.stop(),
    async up() {
      patchbay = await start(Number(new URL(url).port));
    },
    async close() {
      await endCalls();
      await patchbay.stop();
      await pbx.ami.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Calls started from the page, in order. */
class Asking {
  readonly #calls: AskedCall[] = [];
  #waiting: ((call: AskedCall) => void) | null = null;

  readonly begin = ({ number }: { readonly number: string }): Outgoing => {
    const [taken, answered, over] = [step<boolean>(), step<boolean>(), step<void>()];
    const call = { number, take: taken.end, answer: answered.end, hangUp: over.end };
    if (this.#waiting === null) this.#calls.push(call);
    else this.#waiting(call);
    this.#waiting = null;
    return { taken: taken.come, answered: () => answered.come, over: () => over.come };
  };

  next(): Promise<AskedCall> {
    const call = this.#calls.shift();
    if (call !== undefined) return Promise.resolve(call);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

function step<T>() {
  let end: (value: T) => void = () => {};
  const come = new Promise<T>((resolve) => {
    end = resolve;
  });
  return { come, end };
}

/** Waits until the gateway knows that the phone of the last call is free again; only then does it ring for the next one. */
async function annaIsFree(port: number, signal: AbortSignal): Promise<void> {
  const question = {
    port,
    channel: 'PJSIP/trunk-probe',
    callerNumber: '',
    callerName: '',
    did: '74951200001',
    tried: [],
  };
  for (let i = 0; i < 100 && !signal.aborted; i += 1) {
    const answer = await askRoute({ ...question, uniqueid: `${Math.floor(Date.now() / 1000)}.9${i}` });
    if (answer.get('PATCHBAY_DIAL') === 'PJSIP/101') return;
    await sleep(50, signal);
  }
}

function clients(): readonly Client[] {
  const client = (id: string, name: string, phone: string, change: Partial<Client> = {}): Client => ({
    id: id as ClientId,
    name,
    kind: 'company',
    responsible: 'anna',
    segment: null,
    url: null,
    identifiers: [{ kind: 'phone', value: phone }],
    contacts: [],
    deals: [],
    fields: [],
    ...change,
  });
  const deal = { id: 'd1', name: 'Поставка № 7', stage: 'Договор', url: null };
  return [
    client('c1', 'ООО «Ромашка»', '+79990000001', {
      deals: [deal],
      contacts: [
        { id: 'p1', name: 'Мария Лебедева', identifiers: [{ kind: 'email', value: 'maria@romashka.example' }] },
      ],
      fields: [{ label: 'Город', value: 'Казань' }],
    }),
    client('c2', 'АО «Гранит»', '+79990000002'),
    client('c3', 'ТД «Маяк»', '+79990000002'),
    client('c4', hostile, '+79990000004', {
      deals: [{ ...deal, name: hostile }],
      contacts: [{ id: 'p4', name: hostile, identifiers: [] }],
      fields: [{ label: hostile, value: hostile }],
    }),
    client('c5', `Товарищество с очень длинным названием ${'Безпробелов'.repeat(8)}`, '+79990000005'),
    client('c6', 'Muster GmbH', '+4930901820'),
  ];
}
