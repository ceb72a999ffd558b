import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Registry } from 'prom-client';
import { WebSocket } from 'ws';
import { buildApi } from '../../src/api/app.ts';
import { hashToken } from '../../src/api/cookie.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { deskCommands } from '../../src/app/desk-commands.ts';
import type { DeskMarks } from '../../src/desk/attention.ts';
import { DeskHub } from '../../src/desk/desk-hub.ts';
import type { AccessSettings, Role } from '../../src/domain/access/access.ts';
import { eventKey, type ManagerId } from '../../src/domain/base/ids.ts';
import { callActions } from '../../src/domain/call/call-command.ts';
import type { Manager, Staff } from '../../src/domain/directory/manager.ts';
import type { CallLeg, CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import type { Blobs } from '../../src/domain/ports/blobs.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { RoutingPlan } from '../../src/domain/routing/routing.ts';
import { Intake } from '../../src/intake/intake.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { Quarantine } from '../../src/intake/quarantine.ts';
import { TextReader } from '../../src/intake/text-reader.ts';
import { CallCommands } from '../../src/outbound/call-commands.ts';
import { inProcessJobs } from '../../src/runtime/jobs/job.ts';
import { createLogger, type Logger } from '../../src/runtime/log.ts';
import { hashPassword } from '../../src/runtime/password.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { logIn } from './desk-login.ts';
import { storeUrl } from './test-store.ts';

/** The fixed data of the office; passwords are `secret-LOGIN`. */
export const tokens = {
  integration: 'token-of-a-program',
  admin: 'token-of-an-admin',
  supervisor: 'token-of-a-supervisor',
};

/** A manager with one extension. */
export function manager(id: string, name: string, extension: string, user: string | null): Manager {
  const rest = { mobile: null, email: null, department: null, hours: null, deputy: null, absences: [] };
  return { id: id as ManagerId, name, extensions: [extension], user, ...rest };
}

/** Ivanova (101, login `anna`) and Petrov (102, login `petr`), one line. */
export const staff: Staff = {
  managers: [manager('m1', 'Anna Ivanova', '101', 'anna'), manager('m2', 'Petr Petrov', '102', null)],
  lines: [
    {
      id: 'main',
      channel: 'call',
      address: '74951234567',
      label: 'Main',
      connection: null,
      attribution: { source: 'site', medium: null, campaign: null },
      route: null,
    },
  ],
};

/** A routing plan that leaves every call to the PBX. */
const plan: RoutingPlan = {
  deadline: 500,
  ringTimeout: 20,
  within: { callBack: 15, answer: 60 },
  misses: { owners: ['client'], escalate: null },
  last: { within: 30 },
  rules: [],
  fallback: { kind: 'default' },
  groups: {},
  hours: {},
};

/** Everyone may see everything. */
export const access: AccessSettings = {
  scopes: { operator: 'company', supervisor: 'company' },
  reads: { alarm: 1000, limit: 5000 },
  recordings: 'own',
  auditMonths: 12,
};

const startedAt = Date.UTC(2026, 0, 12, 9, 0, 0);

/** A ringing leg of extension 101. */
export const ringingLeg: CallLeg = {
  kind: 'extension',
  extension: '101',
  phone: null,
  rangAt: startedAt + 1000,
  talkedAt: null,
  endedAt: null,
  outcome: null,
};

/** A snapshot of an inbound call ringing at 101. */
export function ringingCall(id: string, change: Partial<CallSnapshot> = {}): CallSnapshot {
  return {
    kind: 'call',
    key: eventKey('pbx', id),
    aliases: [],
    connection: 'pbx',
    basis: 'live',
    direction: 'inbound',
    state: 'ringing',
    party: { raw: '+79161234567', name: 'Zaytsev', withheld: false },
    dialled: '74951234567',
    startedAt,
    endedAt: null,
    legs: [ringingLeg],
    transfers: [],
    recordings: [],
    reconstructed: false,
    ...change,
  };
}

/** The same call, hung up unanswered. */
export function missedCall(id: string): CallSnapshot {
  const endedAt = startedAt + 20_000;
  return ringingCall(id, { state: 'missed', endedAt, legs: [{ ...ringingLeg, endedAt, outcome: 'cancelled' }] });
}

/** The program without connectors: real store, intake, desks and HTTP on an ephemeral port. */
export interface Office {
  readonly store: Store;
  readonly intake: Intake;
  readonly desk: DeskHub;
  readonly blobs: Blobs;
  readonly url: string;
  readonly log: Logger;
  /** Everything logged so far. */
  logged(): string;
  /** The current time; tests may move it forward. */
  readonly clock: { now(): number; shift(ms: number): void };
  /** Logs in and returns the cookie. */
  login(login: string, password?: string): Promise<string>;
  /** A request with an API token; `body` is sent as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** Opens an office. */
export async function openOffice(
  change: Partial<Omit<ApiDeps, 'settings'>> & {
    settings?: Partial<ApiDeps['settings']>;
    users?: boolean;
    heartbeat?: number;
    marks?: DeskMarks;
  } = {},
): Promise<Office> {
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-office-'));
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLogger({ level: 'debug', destination });
  const store = await openStore({
    url: storeUrl(join(dir, 'test.db')),
    country: 'RU',
    publicUrl: 'http://127.0.0.1',
  });
  let shift = 0;
  const clock = {
    now: () => Date.now() + shift,
    shift: (ms: number) => {
      shift += ms;
    },
  };
  const intake = new Intake(store, log, new TextReader(inProcessJobs, 'RU'));
  const commands = new CallCommands({
    read: store.read,
    apply: (writes) => intake.apply(writes),
    staff: change.staff ?? (() => staff),
    // Routing names 102, unless that was tried.
    next: (_call, tried) =>
      tried.includes('102') ? null : { extension: '102', route: { decision: 'deputy', to: '102', trace: [] } },
    clock,
  });
  const desk = new DeskHub({
    command: deskCommands(commands),
    marks: change.marks ?? { typing: async () => {}, opened: async () => {} },
    read: store.read,
    apply: (writes) => intake.apply(writes),
    clock,
    log,
    ...(change.heartbeat !== undefined && { heartbeat: change.heartbeat }),
  });
  intake.changes.on('change', (one) => desk.publish(one));
  intake.changes.on('followUp', (one) => desk.publishFollowUp(one));
  await intake.apply([{ op: 'staff', staff, at: clock.now() }]);
  if (change.users !== false) {
    await addUser(intake, 'anna', 'operator');
    await addUser(intake, 'boss', 'supervisor');
  }
  for (const [role, token] of Object.entries(tokens)) {
    const made = { name: `the ${role}`, role: role as Role, tokenHash: hashToken(token), createdAt: clock.now() };
    await intake.apply([{ op: 'put-token', token: made }]);
  }
  const blobs = new FileBlobs(join(dir, 'blobs'));
  const quarantine = new Quarantine({ apply: (writes) => intake.apply(writes), blobs, clock, log, version: '1' });
  const app = await buildApi({
    store,
    intake,
    callBacks: { begin: async () => null },
    commands,
    controls: () => callActions,
    answer: async () => ({
      decision: 'responsible',
      managers: [{ manager: { id: 'm1', name: 'Anna Ivanova' }, extension: '101' }],
      queue: null,
      timeout: 20,
      client: null,
      responsible: null,
      trace: [],
      turn: null,
    }),
    dial: (_connection, answer) => answer.managers.map((one) => `PJSIP/${one.extension}`).join('&'),
    connections: () => [],
    hookReceiver: () => null,
    sending: () => [],
    templates: () => null,
    jobs: inProcessJobs,
    blobs,
    quarantine: {
      keepEvent: (event, reason) => quarantine.keepEvent(event, reason),
      retry: () => undefined,
    },
    alarms: () => [],
    quietLines: async () => [],
    checks: async () => [{ name: 'store', ok: true, reason: null }],
    staff: () => staff,
    forms: () => ({}),
    cannedAnswers: () => [],
    plan: () => plan,
    access: () => access,
    desk,
    metrics: new Registry(),
    clock,
    elapsed: () => performance.now() + shift,
    log,
    ...change,
    settings: {
      company: 'Our company',
      country: 'RU',
      language: 'ru',
      timezone: 'Europe/Moscow',
      publicUrl: 'http://127.0.0.1:8080',
      webRoot: null,
      setupCode: null,
      routeDeadline: 300,
      undo: 10_000,
      ...change.settings,
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const call: Office['call'] = (method, path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.admin}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    store,
    intake,
    desk,
    blobs,
    url,
    log,
    logged: () => lines.join(''),
    clock,
    login: (login, password = `secret-${login}`) => logIn(url, login, password),
    call,
    async close() {
      await desk.close();
      await app.close();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const hashes = new Map<string, Promise<string>>();

async function addUser(intake: Intake, login: string, role: Role): Promise<void> {
  const hash = hashes.get(login) ?? hashPassword(`secret-${login}`);
  hashes.set(login, hash);
  await intake.apply([{ op: 'put-user', user: { login, role, manager: null, passwordHash: await hash } }]);
}

/** A message from the server to the desk, as far as tests look at it. */
export interface DeskMessage {
  readonly type: string;
  readonly seq?: number;
  readonly [key: string]: unknown;
}

/** A desk page: records the messages it receives, and waits for more. */
export class TestPage {
  readonly socket: WebSocket;
  readonly messages: DeskMessage[] = [];
  readonly closed: Promise<{ code: number }>;
  #waiting: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string>) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (data) => {
      this.messages.push(JSON.parse(data.toString()) as DeskMessage);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.on('close', (code) => resolve({ code })));
  }

  /** A page with a session cookie, opened from our own origin. */
  static ofCookie(office: Office, cookie: string): TestPage {
    return new TestPage(`${office.url.replace('http', 'ws')}/desk`, { cookie, origin: office.url });
  }

  /** The first message of a type, starting at index `from`; waits for it. */
  next(type: string, from = 0): Promise<DeskMessage> {
    return this.until((one) => one.type === type, from);
  }

  /** The first message that satisfies the condition, starting at index `from`; waits for it. */
  async until(matches: (message: DeskMessage) => boolean, from = 0): Promise<DeskMessage> {
    for (;;) {
      const found = this.messages.slice(from).find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  close(): void {
    this.socket.terminate();
  }
}
