import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { Signature } from '../../src/runtime/http/standard-webhooks.ts';
import { logIn, openDesk, operator, password, seedStore } from '../support/desk-login.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { Gateway } from './crash/gateway.ts';
import { freeTcpPort } from './lab/ports.ts';

const deploy = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url));
const secret = 'a secret of thirty-two characters';

let directory: string;
let postgres: PostgresServer;
let redis: RedisServer;
let nginx: Nginx;
let ports: readonly number[];
let instances: readonly Gateway[] = [];
let serial = 0;

/** deploy/patchbay.yaml and deploy/nginx.conf as in compose.yaml, on other ports: the built program twice behind a real nginx. */
beforeAll(async () => {
  // The test certificate is self-signed; the only TLS connection here is the one to nginx.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  directory = mkdtempSync(join(tmpdir(), 'patchbay-proxy-'));
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const database = postgres.database();
  await seedStore(database, [await operator('a', 'm')]);
  ports = [await freeTcpPort(), await freeTcpPort()];
  const [first, second] = ports.map((port) => `127.0.0.1:${port}`);
  nginx = await startNginx(deploy('nginx.conf'), {
    '172.28.57.11:8080': `${first}`,
    '172.28.57.12:8080': `${second}`,
  });
  const shipped = parse(readFileSync(deploy('patchbay.yaml'), 'utf8'));
  instances = ports.map((port, i) => {
    const cwd = join(directory, `${i}`);
    const config = join(cwd, 'patchbay.yaml');
    mkdirSync(cwd);
    writeFileSync(
      config,
      stringify({
        ...shipped,
        http: { ...shipped.http, host: '127.0.0.1', port, publicUrl: nginx.url, trustProxy: ['127.0.0.1'] },
        store: { url: database },
        queue: { url: redis.url },
        blobs: { url: `file:${join(directory, 'blobs')}` },
        managers: [{ id: 'm', name: 'Anna' }],
        lines: [
          { id: 'site', channel: 'form', route: 'manager:m' },
          { id: 'chat', channel: 'message', address: 'chat', route: 'manager:m' },
        ],
        connectors: { chat: { kind: 'webhook', secret, account: 'chat' } },
      }),
    );
    return new Gateway({ config, url: `http://127.0.0.1:${port}`, log: join(cwd, 'gateway.log') }, { cwd });
  });
  for (const instance of instances) instance.start();
  await Promise.all(instances.map((instance) => instance.ready()));
}, 120_000);

afterAll(async () => {
  await nginx?.stop();
  await Promise.all(instances.map((instance) => instance.stop()));
  await redis?.stop();
  postgres?.stop();
  rmSync(directory, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

/** Sends a visitor's form; returns the phone number that identifies it at the desk. */
async function sendForm(): Promise<string> {
  serial += 1;
  const phone = `+7916${1_000_000 + serial}`;
  const headers = { 'content-type': 'application/json', 'idempotency-key': phone };
  const body = JSON.stringify({ phone, comment: 'Call me' });
  const answer = await fetch(`${nginx.url}/api/v1/forms/site`, { method: 'POST', headers, body });
  expect(answer.status, await answer.text()).toBe(200);
  return phone;
}

/** Sends a chat message as an outside program does; returns the account that identifies it at the desk. */
async function sendMessage(): Promise<string> {
  serial += 1;
  const id = `visitor-${serial}`;
  const body = JSON.stringify({ type: 'message', id, from: { id }, text: 'Hello' });
  const headers = { 'content-type': 'application/json', ...new Signature(secret).sign(id, Date.now(), body) };
  const answer = await fetch(`${nginx.url}/api/v1/hooks/chat`, { method: 'POST', headers, body });
  expect(answer.status, await answer.text()).toBe(200);
  return id;
}

/** Sends forms and messages, and waits until the desk has received each of them. */
async function expectAllAtDesk(cookie: string): Promise<void> {
  const desk = await openDesk(nginx.url, cookie);
  const messages: string[] = [];
  desk.on('message', (data) => messages.push(String(data)));
  for (const party of [await sendForm(), await sendMessage(), await sendForm(), await sendMessage()])
    await vi.waitFor(() => expect(messages.join('\n')).toContain(party), 20_000);
  desk.terminate();
}

it('routes pages, REST, desks, forms and webhooks to any instance', async () => {
  const answer = await fetch(`${nginx.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: nginx.url },
    body: JSON.stringify({ login: 'a', password }),
  });
  // The instances know that the outside uses TLS, so the cookie is restricted to it.
  expect(answer.headers.get('set-cookie')).toContain('Secure');
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  for (let i = 0; i < 6; i += 1)
    expect((await fetch(`${nginx.url}/api/v1/session`, { headers: { cookie } })).status).toBe(200);
  expect(await (await fetch(nginx.url)).text()).toContain('<title>');
  await expectAllAtDesk(cookie);
  await expectAllAtDesk(cookie);
  expect(new Set(nginx.asked())).toEqual(new Set(ports.map((port) => `127.0.0.1:${port}`)));
  expect((await fetch(`${nginx.url}/metrics`)).status).toBe(404);
});

it('continues with the other instance when one is killed', async () => {
  const cookie = await logIn(nginx.url, 'a');
  await instances[0]?.kill();
  for (let i = 0; i < 10; i += 1) {
    await sendForm();
    expect((await fetch(`${nginx.url}/api/v1/session`, { headers: { cookie } })).status).toBe(200);
  }
  await expectAllAtDesk(cookie);
});

it('has a unit that systemd accepts without a warning', () => {
  const unit = join(directory, 'patchbay.service');
  // Only the path of Node matches this machine; the other paths need not exist.
  writeFileSync(unit, readFileSync(deploy('patchbay.service'), 'utf8').replace('/usr/bin/node', process.execPath));
  const output = execFileSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8', stdio: 'pipe' });
  expect(output).toBe('');
  // In tenths: docs/security.md states 1.4.
  const rate = ['security', '--offline=true', '--threshold=14', unit];
  execFileSync('systemd-analyze', rate, { stdio: 'pipe' });
});
