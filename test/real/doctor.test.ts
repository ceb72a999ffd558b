import { existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { Value } from 'typebox/value';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { holdAgiPort } from '../../src/cli/doctor/agi-port.ts';
import { examinePbx } from '../../src/cli/doctor/pbx.ts';
import { type AsteriskConfig, AsteriskSchema } from '../../src/connectors/asterisk/schema.ts';
import { CallTracker } from '../../src/connectors/asterisk/tracker/call-tracker.ts';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { FrozenListener } from './lab/dummy-gateway.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';

// What `patchbay doctor` says of a real PBX that was given what `pbx-config` prints, and what it leaves behind.

const versions: readonly AsteriskVersion[] = ['22', '16'];
const way = "pbx: the PBX's way to Patchbay";

/** An account without the right to Originate, and one that is not told what the dialplan sets. */
const poorAccounts = `
[deaf]
secret=lab-secret
read=call,agent
write=call,reporting,originate
[dumb]
secret=lab-secret
read=call,agent,dialplan
write=call,reporting
`;

function pieces(settings: { way: 'agi' | 'curl'; port: number }): Record<string, string> {
  const texts = printedConfig(settings.port, { way: settings.way });
  return { ...texts, 'manager.conf': `${texts['manager.conf']}\n${poorAccounts}` };
}

describe.each(versions)('the doctor and Asterisk %s, way agi', (version) => {
  let pbx: Asterisk;
  let port: number;
  let release: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    port = await freeTcpPort();
    pbx = new Asterisk({ version, extra: pieces({ way: 'agi', port }) });
    await pbx.start();
  });

  afterEach(async () => {
    for (const undo of release) await undo();
    release = [];
    await pbx.idle();
  });

  afterAll(() => pbx.dispose());

  /** The findings by what was looked at. */
  async function examine(agiPort = port, username = 'patchbay') {
    const settings = Value.Default(AsteriskSchema, {
      kind: 'asterisk',
      ami: { host: '127.0.0.1', port: pbx.amiPort, username, secret: 'lab-secret' },
      agi: { host: '127.0.0.1', port: agiPort },
    }) as AsteriskConfig;
    const findings = await examinePbx('pbx', settings);
    return Object.fromEntries(findings.map(({ what, ok, detail }) => [what, { ok, detail }]));
  }

  it('is content where all is well, rings nobody, and leaves no call behind', async () => {
    const told: CallSnapshot[] = [];
    const tracker = new CallTracker(
      {
        connection: 'pbx',
        isExtension: (name) => /^\d{3}$/.test(name),
        isTrunk: () => false,
        lingerMs: 1,
        maxCalls: 10,
      },
      (snapshot) => told.push(snapshot),
    );
    const since = pbx.ami.events.length;

    const findings = await examine();

    expect(Object.values(findings).every(({ ok }) => ok)).toBe(true);
    expect(findings[way]?.detail).toMatch(
      new RegExp(`^the PBX reaches agi://127\\.0\\.0\\.1:${port} and got an answer`),
    );
    await pbx.idle();
    for (const { at, event } of pbx.ami.events.slice(since)) tracker.handle(event.Event ?? '', event, at);
    expect(told).toEqual([]);
    expect(existsSync(pbx.cdrFile) ? readFileSync(pbx.cdrFile, 'utf8') : '').toBe('');
  });

  it('knows a running Patchbay by its answer', async () => {
    const running = await holdAgiPort('pbx', { host: '127.0.0.1', port, allow: ['loopback'] });
    release.push(() => running.close());
    const findings = await examine();
    expect(findings['pbx: FastAGI']).toEqual({
      ok: true,
      detail: expect.stringContaining(`Patchbay listens on 127.0.0.1:${port}; allowed peers: `),
    });
    expect(findings[way]?.ok).toBe(true);
  });

  it('tells a port that belongs to another connection', async () => {
    const running = await holdAgiPort('branch', { host: '127.0.0.1', port, allow: ['loopback'] });
    release.push(() => running.close());
    const findings = await examine();
    expect(findings['pbx: FastAGI']).toMatchObject({ ok: false, detail: expect.stringContaining('is in use by') });
    expect(findings[way]).toMatchObject({ ok: false, detail: expect.stringContaining('connection "branch"') });
  });

  it('tells a refused connection, and that the ports differ', async () => {
    const other = await freeTcpPort();
    const { ok, detail } = (await examine(other))[way] ?? {};
    expect(ok).toBe(false);
    expect(detail).toContain('connection refused');
    expect(detail).toContain(`Patchbay listens on port ${other}`);
  });

  it('tells a way on which nothing comes back', async () => {
    const listener = await FrozenListener.start(port);
    release.push(() => listener.stop());
    await listener.fill();
    expect((await examine())[way]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('no answer; a firewall'),
    });
  });

  it('tells a gateway that hangs, and hangs its own trial up', async () => {
    const listener = await FrozenListener.start(port);
    release.push(() => listener.stop());
    expect((await examine())[way]).toMatchObject({ ok: false, detail: expect.stringContaining('listens there hangs') });
  });

  it('tells another program that answers', async () => {
    const stranger = createServer((socket) => void socket.resume().end()).listen(port, '127.0.0.1');
    release.push(async () => void stranger.close());
    expect((await examine())[way]).toMatchObject({ ok: false, detail: expect.stringContaining('it is not Patchbay') });
  });

  it('tells an account without the right to Originate', async () => {
    const { ok, detail } = (await examine(port, 'dumb'))[way] ?? {};
    expect(ok).toBe(false);
    expect(detail).toContain('write=originate');
  });

  it('tells an account that is not told what the dialplan sets', async () => {
    const { ok, detail } = (await examine(port, 'deaf'))[way] ?? {};
    expect(ok).toBe(false);
    expect(detail).toContain('read=dialplan');
  });

  it('tells a dialplan that was printed before there was a doctor', async () => {
    await pbx.cli('dialplan remove context patchbay-doctor');
    release.push(() => pbx.cli('dialplan reload'));
    expect((await examine())[way]).toMatchObject({ ok: false, detail: expect.stringContaining('no context') });
  });
});

describe.each(versions)('the doctor and Asterisk %s, way curl', (version) => {
  let pbx: Asterisk;
  let port: number;
  let token = 'lab-token';
  let close = async () => {};

  beforeAll(async () => {
    port = await freeTcpPort();
    pbx = new Asterisk({ version, extra: pieces({ way: 'curl', port }) });
    await pbx.start();
  });

  afterEach(() => close());
  afterAll(() => pbx.dispose());

  /** Answers as `GET /api/v1/match` does. */
  async function listen(): Promise<void> {
    const server = createHttpServer((request, response) => {
      const right = request.url === '/api/v1/match?phone=0' && request.headers.authorization === `Bearer ${token}`;
      response
        .writeHead(right ? 200 : 401)
        .end(
          right
            ? '{"outcome":"unknown","decidedBy":"auto","by":null,"candidates":[]}'
            : '{"type":"urn:patchbay:unauthorized","title":"Log in first","status":401}',
        );
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    close = async () => void (await new Promise((resolve) => server.close(resolve)));
  }

  async function examine() {
    const settings = Value.Default(AsteriskSchema, {
      kind: 'asterisk',
      ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'patchbay', secret: 'lab-secret' },
    }) as AsteriskConfig;
    return (await examinePbx('pbx', settings)).find(({ what }) => what === way);
  }

  it('is content where the token is right', async () => {
    token = 'lab-token';
    await listen();
    expect(await examine()).toMatchObject({ ok: true });
  });

  it('tells a token that is refused', async () => {
    token = 'another';
    await listen();
    expect(await examine()).toMatchObject({ ok: false, detail: expect.stringContaining('rejects the token') });
  });

  it('tells that nobody answers', async () => {
    close = async () => {};
    expect(await examine()).toMatchObject({ ok: false, detail: expect.stringContaining('got no answer from') });
  });
});
