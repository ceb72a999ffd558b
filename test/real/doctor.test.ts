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
import { endpointsFor } from '../support/asterisk-config.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { FrozenListener } from './lab/dummy-gateway.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';

// What `patchbay doctor` reports about a real PBX configured by `pbx-config`, and that it leaves nothing behind.

const versions: readonly AsteriskVersion[] = ['22', '16'];
const way = "pbx: the PBX's way to Patchbay";

/** An account without the right to Originate, and one that cannot see the variables set by the dialplan. */
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

  /** The findings, by what was examined. */
  async function examine(agiPort = port, username = 'patchbay') {
    const settings = Value.Default(AsteriskSchema, {
      kind: 'asterisk',
      ami: { host: '127.0.0.1', port: pbx.amiPort, username, secret: 'lab-secret' },
      agi: { host: '127.0.0.1', port: agiPort },
    }) as AsteriskConfig;
    const findings = await examinePbx('pbx', settings);
    return Object.fromEntries(findings.map(({ what, ok, detail }) => [what, { ok, detail }]));
  }

  it('reports no problems on a correct setup, rings nobody, and leaves no call behind', async () => {
    const calls: CallSnapshot[] = [];
    const tracker = new CallTracker(
      {
        connection: 'pbx',
        endpoints: endpointsFor(),
        isLine: () => false,
        lingerMs: 1,
        maxCalls: 10,
      },
      (snapshot) => calls.push(snapshot),
    );
    const since = pbx.ami.events.length;

    const findings = await examine();

    expect(Object.values(findings).every(({ ok }) => ok)).toBe(true);
    expect(findings[way]?.detail).toMatch(
      new RegExp(`^the PBX reaches agi://127\\.0\\.0\\.1:${port} and got an answer`),
    );
    await pbx.idle();
    for (const { at, event } of pbx.ami.events.slice(since)) tracker.handle(event.Event ?? '', event, at);
    expect(calls).toEqual([]);
    expect(existsSync(pbx.cdrFile) ? readFileSync(pbx.cdrFile, 'utf8') : '').toBe('');
  });

  it('recognises a running Patchbay by its answer', async () => {
    const running = await holdAgiPort('pbx', { host: '127.0.0.1', port, allow: ['loopback'] });
    release.push(() => running.close());
    const findings = await examine();
    expect(findings['pbx: FastAGI']).toEqual({
      ok: true,
      detail: expect.stringContaining(`Patchbay listens on 127.0.0.1:${port}; allowed peers: `),
    });
    expect(findings[way]?.ok).toBe(true);
  });

  it('reports a port that belongs to another connection', async () => {
    const running = await holdAgiPort('branch', { host: '127.0.0.1', port, allow: ['loopback'] });
    release.push(() => running.close());
    const findings = await examine();
    expect(findings['pbx: FastAGI']).toMatchObject({ ok: false, detail: expect.stringContaining('is in use by') });
    expect(findings[way]).toMatchObject({ ok: false, detail: expect.stringContaining('connection "branch"') });
  });

  it('reports a refused connection and differing ports', async () => {
    const other = await freeTcpPort();
    const { ok, detail } = (await examine(other))[way] ?? {};
    expect(ok).toBe(false);
    expect(detail).toContain('connection refused');
    expect(detail).toContain(`Patchbay listens on port ${other}`);
  });

  it('reports a route on which no answer comes back', async () => {
    const listener = await FrozenListener.start(port);
    release.push(() => listener.stop());
    await listener.fill();
    expect((await examine())[way]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('no answer; a firewall'),
    });
  });

  it('reports a hanging gateway, and hangs up its own trial call', async () => {
    const listener = await FrozenListener.start(port);
    release.push(() => listener.stop());
    expect((await examine())[way]).toMatchObject({ ok: false, detail: expect.stringContaining('listens there hangs') });
  });

  it('reports that another program answers', async () => {
    const stranger = createServer((socket) => void socket.resume().end()).listen(port, '127.0.0.1');
    release.push(async () => void stranger.close());
    expect((await examine())[way]).toMatchObject({ ok: false, detail: expect.stringContaining('it is not Patchbay') });
  });

  it('reports an account without the right to Originate', async () => {
    const { ok, detail } = (await examine(port, 'dumb'))[way] ?? {};
    expect(ok).toBe(false);
    expect(detail).toContain('write=originate');
  });

  it('reports an account that cannot see the variables set by the dialplan', async () => {
    const { ok, detail } = (await examine(port, 'deaf'))[way] ?? {};
    expect(ok).toBe(false);
    expect(detail).toContain('read=dialplan');
  });

  it('reports a dialplan printed by a version without the doctor', async () => {
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

  /** Answers like `GET /api/v1/match`. */
  async function listen(): Promise<void> {
    const server = createHttpServer((request, response) => {
      const right = request.url === '/api/v1/match?phone=0' && request.headers.authorization === `Bearer ${token}`;
      response
        .writeHead(right ? 200 : 401)
        .end(
          right
            ? '{"outcome":"unknown","decidedBy":"auto","by":null,"candidates":[]}'
            : '{"type":"urn:patchbay:unauthorized","title":"Not logged in","status":401}',
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

  it('reports no problems if the token is right', async () => {
    token = 'lab-token';
    await listen();
    expect(await examine()).toMatchObject({ ok: true });
  });

  it('reports a rejected token', async () => {
    token = 'another';
    await listen();
    expect(await examine()).toMatchObject({ ok: false, detail: expect.stringContaining('rejects the token') });
  });

  it('reports that nothing answers', async () => {
    close = async () => {};
    expect(await examine()).toMatchObject({ ok: false, detail: expect.stringContaining('got no answer from') });
  });
});
