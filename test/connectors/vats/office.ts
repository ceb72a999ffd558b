import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { onTestFinished, vi } from 'vitest';
import type { ConnectorContext } from '../../../src/connectors/contract.ts';
import { VatsConnection } from '../../../src/connectors/vats/connection.ts';
import { type VatsConfig, VatsSchema } from '../../../src/connectors/vats/schema.ts';
import type { Staff } from '../../../src/domain/directory/manager.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
import type { RouteAnswer } from '../../../src/domain/routing/routing.ts';
import { Intake } from '../../../src/intake/intake.ts';
import { openStore } from '../../../src/intake/open-store.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { callStart, manager } from '../../support/calls.ts';
import { connectorContext, type RecordingContext } from '../../support/connector-context.ts';
import { storeUrl } from '../../support/test-store.ts';
import { VatsServer } from '../../support/vats-server.ts';

const staff: Staff = { managers: [manager('anna', 'vats/101'), manager('boris', 'vats/102')], lines: [] };

/** A company whose calls come from a scripted cloud PBX, with a real store. */
export class CloudOffice {
  readonly server = new VatsServer();
  readonly store: Store;
  readonly #intake: Intake;
  readonly #settings: object;
  readonly #time = { at: callStart };
  #context: RecordingContext | null = null;
  #connection: VatsConnection | null = null;
  /** What routing decides. */
  route: Partial<RouteAnswer> = {};
  /** The store takes nothing while this is set. */
  isStoreAway = false;

  constructor(store: Store, settings: object) {
    this.store = store;
    this.#settings = settings;
    this.#intake = new Intake(store, silentLogger);
  }

  /** `api`: with its commands. */
  static async open({ api, ...settings }: { readonly api?: 'forms' | 'megafon' } & Record<string, unknown> = {}) {
    const dir = await mkdtemp(join(tmpdir(), 'patchbay-vats-'));
    const store = await openStore({
      url: storeUrl(join(dir, 'test.db')),
      country: 'RU',
      publicUrl: 'http://127.0.0.1',
    });
    let office: CloudOffice | null = null;
    const hooks = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = '', headers } = request;
      const given = { method, query: {}, headers, body: Buffer.concat(chunks) };
      const answer = await office?.connection.receive(given);
      response.writeHead(answer?.status ?? 404, { 'content-type': answer?.type ?? 'text/plain' });
      response.end(answer?.body);
    });
    await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
    const made = new CloudOffice(store, settings);
    await made.server.start();
    office = made;
    made.server.hook = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
    const path = api === 'megafon' ? 'crmapi/v1' : 'sys/crm_api.wcgp';
    if (api !== undefined)
      Object.assign(settings, { api: { kind: api, url: `${made.server.url}/${path}`, key: 'api-key' } });
    onTestFinished(async () => {
      await made.#connection?.stop();
      hooks.close();
      await made.server.close();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    });
    await made.#intake.apply([{ op: 'staff', staff, at: callStart }]);
    await made.restart();
    return made;
  }

  /** A new program, which knows nothing but what is stored. */
  async restart(): Promise<void> {
    await this.#connection?.stop();
    const cursors = this.#context?.cursors ?? new Map<string, string>();
    const route = (): RouteAnswer => ({
      ...{ decision: 'default', managers: [], queue: null, timeout: 20, client: null },
      ...{ responsible: null, trace: [], turn: null },
      ...this.route,
    });
    const change: Partial<ConnectorContext> = {
      clock: { now: () => this.#time.at },
      staff: () => staff,
      decide: route,
      emit: async (event) => {
        if (this.isStoreAway) throw new Error('the store is away');
        await this.#intake.emit(event);
      },
      openCalls: () => this.store.read.liveCalls('vats'),
      cursor: {
        get: async (name) => cursors.get(name) ?? null,
        set: async (name, value) => void cursors.set(name, value),
      },
    };
    this.#context = connectorContext('vats', change);
    for (const [name, value] of cursors) this.#context.cursors.set(name, value);
    const config = Value.Default(VatsSchema, { kind: 'vats', token: 'hook-key', ...this.#settings }) as VatsConfig;
    this.#connection = new VatsConnection(config, this.#context);
    await this.#connection.start();
  }

  get connection(): VatsConnection {
    if (this.#connection === null) throw new Error('not started');
    return this.#connection;
  }

  get states(): readonly string[] {
    return this.#context?.states ?? [];
  }

  /** The blobs of the running program. */
  get blobs(): ConnectorContext['blobs'] {
    if (this.#context === null) throw new Error('not started');
    return this.#context.blobs;
  }

  pass(seconds: number): void {
    this.#time.at += seconds * 1000;
  }

  /** An event of the call `c1`, some seconds after the last one. */
  async event(type: string, ext: string, more: Readonly<Record<string, string>> = {}, after = 5): Promise<void> {
    this.pass(after);
    const fields = { phone: '79161234567', diversion: '74951234567', direction: 'in', callid: 'c1', ...more };
    const { status } = await this.server.post({ cmd: 'event', type, ext, ...fields });
    if (status !== 200) throw new Error(`an event was answered ${status}`);
  }

  /** The history of the call `c1`, which began at 09:00:00. */
  history(more: Readonly<Record<string, string>> = {}) {
    const call = { phone: '79161234567', diversion: '74951234567', callid: 'c1', type: 'in', ext: '101' };
    const end = { status: 'Success', start: '20261124T090000Z', duration: '30' };
    return this.server.post({ cmd: 'history', ...call, ...end, ...more });
  }

  /** The calls, the newest first. */
  async calls(): Promise<readonly Interaction[]> {
    return (await this.store.read.interactions({ limit: 50, cursor: null })).items.filter(
      (one) => one.mergedInto === null,
    );
  }

  /** The only call. */
  async call(): Promise<Interaction> {
    const [call, ...others] = await this.calls();
    if (call === undefined || others.length > 0)
      throw new Error(`expected one call, found ${others.length + (call ? 1 : 0)}`);
    return call;
  }

  /** Waits until something holds. */
  until(check: () => Promise<void> | void): Promise<void> {
    return vi.waitFor(check, { timeout: 20_000, interval: 50 });
  }

  /** Runs a write of the intake, such as a request. */
  get intake(): Intake {
    return this.#intake;
  }
}
