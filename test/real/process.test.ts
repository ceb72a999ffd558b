import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { ScriptedPbx } from '../../src/cli/demo/scripted-pbx.ts';
import { logIn, openDesk, operator, seedStore } from '../support/desk-login.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { keptInteractions } from './crash/kept.ts';
import { freeTcpPort } from './lab/ports.ts';
import { Asker } from './siege/asker.ts';

const did = '74951200001';
const from = '89161110001';

/** The built program as an administrator runs it: signals, exit codes and messages. */
describe('the gateway as a process', () => {
  let directory: string;
  let config: string;
  let log: string;
  let pbx: ScriptedPbx;
  let gateway: Gateway;
  let url: string;
  let agiPort: number;
  let write: (extension: string) => void;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-process-'));
    config = join(directory, 'patchbay.yaml');
    log = join(directory, 'gateway.log');
    pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions: ['101', '102'], speed: 50 });
    const ports = { http: await freeTcpPort(), ami: await pbx.ami.listen() };
    agiPort = await freeTcpPort();
    url = `http://127.0.0.1:${ports.http}`;
    write = (extension) => writeFileSync(config, configuration(extension, ports));
    write('101');
    gateway = new Gateway({ config, url, log });
  });

  afterEach(async () => {
    await gateway.stop();
    await pbx.ami.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function configuration(extension: string, ports: { http: number; ami: number }): string {
    return stringify({
      http: { port: ports.http },
      store: { url: database() },
      queue: { url: queueUrl() },
      managers: [{ id: 'm', name: 'Anna', extensions: [extension], user: 'a' }],
      lines: [{ id: 'main', channel: 'call', address: did, label: 'Main' }],
      routing: { fallback: 'manager:m' },
      connectors: {
        pbx: {
          kind: 'asterisk',
          ami: { host: '127.0.0.1', port: ports.ami, username: 'pb', secret: 'pb' },
          agi: { port: agiPort },
        },
      },
    });
  }

  function database(): string {
    return storeUrl(join(directory, 'process.db'));
  }

  async function rings(dial: string): Promise<void> {
    const asker = new Asker({ port: agiPort, from, did, dial });
    await asker.ask();
    expect(asker.wrong).toEqual([]);
  }

  const logged = (text: string) => vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain(text), 10_000);

  it('reloads managers and routing on SIGHUP; an invalid file leaves the old ones in place', async () => {
    gateway.start();
    await gateway.ready();
    await rings('PJSIP/101');
    write('102');
    gateway.reload();
    await logged('were reloaded');
    await rings('PJSIP/102');
    writeFileSync(config, 'managers: [{ id: m, nme: Anna }]\n');
    gateway.reload();
    await logged('the old one stays');
    await rings('PJSIP/102');
    expect(readFileSync(log, 'utf8')).toContain('patchbay.yaml:1: managers.0.nme');
  });

  it('stores everything on SIGTERM, and notifies the desks', async () => {
    await seedStore(database(), [await operator('a', 'm')]);
    gateway.start();
    await gateway.ready();
    const desk = await openDesk(url, await logIn(url, 'a'));
    const output: string[] = [];
    desk.on('message', (data) => output.push((JSON.parse(String(data)) as { type: string }).type));
    const script = { from, name: '', did, ringMs: 60_000, talkMs: 0 };
    const hangUp = new AbortController();
    const call = pbx.inbound(script, agiPort, hangUp.signal);
    await vi.waitFor(() => expect(output).toContain('pop'), 10_000);
    const closed = once(desk, 'close');
    expect(await gateway.stop()).toBe(0);
    await closed;
    expect(output.at(-1)).toBe('bye');
    expect(await keptInteractions(database())).toMatchObject([{ state: 'ringing' }]);
    hangUp.abort();
    await call;
  });
});

describe('the demo as a process', () => {
  it('opens the office, delivers its calls to the sample CRM, and stops on request', async () => {
    const program = fileURLToPath(new URL('../../bin/patchbay.js', import.meta.url));
    const port = await freeTcpPort();
    const child = spawn(process.execPath, [program, 'demo', '--port', String(port), '--speed', '100']);
    let output = '';
    child.stdout.on('data', (data) => {
      output += String(data);
    });
    await vi.waitFor(() => expect(output).toContain(`http://127.0.0.1:${port}`), 20_000);
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    // Done means that the CRM has verified the signature.
    await vi.waitFor(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(metrics).toMatch(/patchbay_delivery_attempts_total\{[^}]*outcome="done"[^}]*\} [1-9]/);
    }, 20_000);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
