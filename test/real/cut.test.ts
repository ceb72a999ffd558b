import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AsteriskConnection } from '../../src/connectors/asterisk/connection.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { Intake } from '../../src/intake/intake.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { connectorContext } from '../support/connector-context.ts';
import { storeUrl } from '../support/test-store.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { SippOffice } from './lab/sipp.ts';

/** The network between the gateway and AMI, which can be cut. */
class Wire {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #whole = true;

  constructor(target: () => number) {
    this.#server = createServer((near) => {
      if (!this.#whole) return void near.destroy();
      const far = connect(target(), '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          near.destroy();
          far.destroy();
          this.#sockets.delete(socket);
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve) =>
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      }),
    );
  }

  cut(): void {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#whole = true;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

const versions: readonly AsteriskVersion[] = ['22', '16'];

describe.each(versions)('an interruption during calls on Asterisk %s', (version) => {
  let directory: string;
  let pbx: Asterisk;
  let office: SippOffice;
  let wire: Wire;
  let store: Store;
  let connection: AsteriskConnection;
  let health: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-cut-'));
    pbx = new Asterisk({ version });
    await pbx.start();
    office = new SippOffice(pbx);
    wire = new Wire(() => pbx.amiPort);
    store = await openStore({
      url: storeUrl(join(directory, 'cut.db')),
      country: 'RU',
      publicUrl: 'http://127.0.0.1',
    });
    const intake = new Intake(store, silentLogger);
    connection = new AsteriskConnection(
      {
        kind: 'asterisk',
        dial: 'PJSIP/{extension}',
        timezone: 'UTC',
        ami: { host: '127.0.0.1', port: await wire.listen(), username: 'lab', secret: 'lab-secret', tls: false },
        extensions: '^\\d{3}$',
        trunks: [],
        devices: [],
        numbers: [],
        charset: 'auto',
        cdr: { csv: pbx.cdrFile, utc: false },
      },
      connectorContext('pbx', {
        emit: (event) => intake.emit(event),
        reportState: (state) => {
          health = state;
        },
        openCalls: () => store.read.liveCalls('pbx'),
      }),
    );
    await connection.start();
    await ready();
    await office.phone('101', { kind: 'answer', afterMs: 300 });
  });

  afterEach(async () => {
    await connection.stop();
    await office.stopAll();
    wire.close();
    await store.close();
    await pbx.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  function ready(): Promise<void> {
    return vi.waitFor(() => expect(health).toBe('ready'), { timeout: 20_000, interval: 50 });
  }

  /** Interactions by caller number. */
  async function calls(): Promise<ReadonlyMap<string, Interaction>> {
    const { items } = await store.read.interactions({ limit: 100, cursor: null });
    expect(new Set(items.map((one) => one.party.raw)).size).toBe(items.length);
    return new Map(items.map((one) => [one.party.raw, one]));
  }

  async function talking(...from: readonly string[]): Promise<void> {
    await vi.waitFor(
      async () => {
        const known = await calls();
        for (const one of from) expect(known.get(one)?.state).toBe('talking');
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  /** Waits until the store has no live calls and the tracker is empty. */
  async function noLiveCalls(): Promise<void> {
    await vi.waitFor(
      async () => {
        expect([...(await calls()).values()].filter((one) => one.endedAt === null)).toEqual([]);
        expect(await store.read.liveCalls('pbx')).toEqual([]);
        expect(connection.size).toBe(0);
      },
      { timeout: 40_000, interval: 250 },
    );
  }

  it('AMI cut: calls that ended, continued or came meanwhile have the right result', async () => {
    const ended = await office.callIn({ from: '79990001001', to: dids.direct, hangUpAfterMs: 2500 });
    const lived = await office.callIn({ from: '79990001002', to: dids.direct, hangUpAfterMs: 9000 });
    await talking('79990001001', '79990001002');
    wire.cut();
    const unseen = await office.callIn({ from: '79990001003', to: dids.direct, hangUpAfterMs: 800 });
    const talks = { ended: await ended.done(), unseen: await unseen.done() };
    wire.mend();
    await ready();
    const lastTalk = await lived.done();
    await noLiveCalls();

    const known = await calls();
    expect(known.size).toBe(3);
    for (const one of known.values())
      expect(one).toMatchObject({ state: 'answered', direction: 'inbound', legs: [{ extension: '101' }] });
    expect(known.get('79990001001')?.reconstructed).toBe(true);
    expect(known.get('79990001003')?.reconstructed).toBe(true);
    const off = (from: string, seconds: number) => Math.abs((known.get(from)?.talkSeconds ?? -9) - seconds);
    expect(off('79990001001', talks.ended.talkSeconds)).toBeLessThanOrEqual(1);
    expect(off('79990001002', lastTalk.talkSeconds)).toBeLessThanOrEqual(1);
    expect(off('79990001003', talks.unseen.talkSeconds)).toBeLessThanOrEqual(1);
  });

  it('Asterisk killed and restarted: its calls end, marked as reconstructed, and new ones are tracked', async () => {
    await office.callIn({ from: '79990001004', to: dids.direct });
    await talking('79990001004');
    await pbx.kill();
    await vi.waitFor(() => expect(health).not.toBe('ready'), { timeout: 20_000, interval: 20 });
    await office.stopAll();
    await pbx.start();
    await ready();
    await office.phone('101', { kind: 'answer', afterMs: 300 });
    const next = await office.callIn({ from: '79990001005', to: dids.direct, hangUpAfterMs: 1000 });
    const talks = await next.done();
    await noLiveCalls();

    const known = await calls();
    expect(known.get('79990001004')).toMatchObject({ state: 'answered', reconstructed: true });
    expect(known.get('79990001005')).toMatchObject({ state: 'answered', reconstructed: false });
    expect(Math.abs((known.get('79990001005')?.talkSeconds ?? -9) - talks.talkSeconds)).toBeLessThanOrEqual(1);
  });
});
