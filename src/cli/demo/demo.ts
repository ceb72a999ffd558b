import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { stringify } from 'yaml';
import type { Config } from '../../config/config.ts';
import { parseConfig } from '../../config/load.ts';
import { startPatchbay } from '../../main.ts';
import { createLogger, type Logger } from '../../runtime/log.ts';
import { hashPassword } from '../../runtime/password.ts';
import { sleep } from '../../runtime/sleep.ts';
import { UsageError } from '../command.ts';
import { moduleSchemas } from '../context.ts';
import { CrmReceiver } from './crm-receiver.ts';
import { clientCount, demoClients, demoLines, demoManagers, phoneOf } from './people.ts';
import { ScriptedPbx } from './scripted-pbx.ts';
import {
  fillPortal,
  openScriptedPortal,
  portalDestination,
  portalName,
  type ScriptedPortal,
} from './scripted-portal.ts';
import { Visitors } from './visitors.ts';

const ami = { username: 'patchbay', secret: 'demo' };
const crmSecret = `whsec_${Buffer.from('the demo is no secret').toString('base64')}`;
const chatSecret = `whsec_${Buffer.from('nor is the chat of the demo').toString('base64')}`;
const password = 'demo-office';

/** A running simulated office. */
export interface DemoOffice {
  readonly url: string;
  readonly pbx: ScriptedPbx;
  readonly crm: CrmReceiver;
  /** The scripted Bitrix24 portal, if it was asked for. */
  readonly portal: ScriptedPortal | null;
  stop(): Promise<void>;
}

/** `patchbay demo`: runs the real Patchbay against a simulated PBX, CRM and website over real sockets. */
export async function demo(options: {
  readonly speed: string;
  readonly port: string;
  readonly crm?: string;
}): Promise<void> {
  const speed = Number(options.speed);
  if (!(speed > 0 && speed <= 1000))
    throw new UsageError(`--speed: expected a number from 0.1 to 1000, got "${options.speed}"`);
  const { crm = 'webhook', port } = options;
  if (crm !== 'webhook' && crm !== 'bitrix24')
    throw new UsageError(`--crm: expected webhook or bitrix24, got "${crm}"`);
  const log = createLogger({ level: 'warn' });
  const office = await openOffice({ speed, port: Number(port), log, crm });
  const logins = demoManagers.map(({ id, name }) => `  ${id.padEnd(10)} ${name}`).join('\n');
  process.stdout.write(
    `The demo office is open: ${office.url}\n\nLog in as one of\n${logins}\nor as boss (administrator). The password is ${password}\n\n` +
      (office.portal === null
        ? ''
        : `The scripted Bitrix24 portal (not Bitrix24) shows what it holds: ${office.portal.root}\nClick a number there to call it.\n\n`) +
      'Calls, forms and messages arrive continuously. Press Ctrl+C to stop.\n',
  );
  const numbers = setInterval(() => {
    const { interactions, refused } = office.crm;
    process.stdout.write(
      `The sample CRM has received ${interactions.size} interactions; invalid signatures: ${refused}\n`,
    );
  }, 30_000);
  closeWithGrace({ delay: 10_000 }, async () => {
    clearInterval(numbers);
    await office.stop();
  });
}

/** Starts PBX, CRM, gateway and users, then plays calls, forms and messages at `speed` times real time. */
export async function openOffice(options: {
  readonly speed: number;
  readonly port: number;
  readonly log: Logger;
  readonly crm?: 'webhook' | 'bitrix24';
}): Promise<DemoOffice> {
  const { speed, log } = options;
  const port = options.port === 0 ? await freePort() : options.port;
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-demo-'));
  const stopping = new AbortController();
  const after = (ms: number) => sleep(ms / speed, stopping.signal);
  const pbx = new ScriptedPbx({
    ...ami,
    extensions: demoManagers.map((one) => one.extension),
    speed,
    outgoing: () => ({
      taken: after(3000).then(() => true),
      answered: () => after(6000).then(() => true),
      over: () => after(60_000),
    }),
  });
  const crm = new CrmReceiver(crmSecret);
  const visitors = new Visitors(chatSecret, speed);
  const [amiPort, crmUrl, chatUrl] = await Promise.all([pbx.ami.listen(), crm.listen(), visitors.listen()]);
  const portal = options.crm === 'bitrix24' ? await openScriptedPortal() : null;
  const patchbay = await startPatchbay(demoConfig({ directory, port, amiPort, crmUrl, chatUrl, portal }), log);
  const passwordHash = await hashPassword(password);
  const users = [
    { login: 'boss', role: 'admin' as const, manager: null },
    ...demoManagers.map(({ id }) => ({ login: id, role: 'operator' as const, manager: id })),
  ];
  await patchbay.store.apply([
    ...users.map((user) => ({ op: 'put-user' as const, user: { ...user, passwordHash } })),
    { op: 'put-clients', clients: portal === null ? demoClients() : fillPortal(portal), at: Date.now() },
  ]);
  await portal?.install(`${patchbay.url}/api/v1/hooks/${portalName}`);
  const day = playDay(pbx, patchbay.agiPorts.pbx ?? 0, speed, stopping.signal);
  visitors.start(patchbay.url);
  return {
    url: patchbay.url,
    pbx,
    crm,
    portal,
    async stop() {
      stopping.abort();
      await Promise.all([day, visitors.stop()]);
      await patchbay.stop();
      await Promise.all([pbx.ami.close(), crm.close(), portal?.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A port that nobody uses. The address of the page has to be known before the program starts. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function playDay(pbx: ScriptedPbx, agiPort: number, speed: number, signal: AbortSignal): Promise<void> {
  const running = new Set<Promise<unknown>>();
  while (!signal.aborted) {
    const known = Math.random() < 0.75;
    const i = Math.floor(Math.random() * clientCount);
    const line = demoLines[Math.random() < 0.7 ? 0 : 1];
    const call = pbx
      .inbound(
        {
          from: `7${phoneOf(known ? i : 500 + Math.floor(Math.random() * 400))}`,
          name: '',
          did: line.address,
          ringMs: 3000 + Math.random() * 15_000,
          talkMs: Math.random() < 0.85 ? 20_000 + Math.random() * 120_000 : 0,
        },
        agiPort,
        signal,
      )
      .finally(() => running.delete(call));
    running.add(call);
    await sleep((10_000 + Math.random() * 40_000) / speed, signal);
  }
  await Promise.all(running);
}

function demoConfig(place: {
  readonly directory: string;
  readonly port: number;
  readonly amiPort: number;
  readonly crmUrl: string;
  readonly chatUrl: string;
  readonly portal: ScriptedPortal | null;
}): Config {
  const text = stringify({
    company: { name: 'ООО «Демо»', country: 'RU', timezone: 'Europe/Moscow', language: 'ru' },
    http: { host: '127.0.0.1', port: place.port, publicUrl: `http://127.0.0.1:${place.port}` },
    store: { url: `sqlite:${join(place.directory, 'demo.db')}` },
    managers: demoManagers.map(({ id, name, extension }, i) => ({
      id,
      name,
      extensions: [extension],
      user: id,
      deputy: demoManagers[(i + 1) % demoManagers.length]?.id,
    })),
    lines: [
      ...demoLines.map((line) => ({ ...line, channel: 'call' })),
      { id: 'site', channel: 'form', label: 'Заявка с сайта' },
      { id: 'chat', channel: 'message', address: 'chat', label: 'Чат на сайте' },
    ],
    routing: {
      fallback: 'group:sales',
      ringTimeout: 20,
      groups: { sales: { members: demoManagers.map((one) => one.id) } },
    },
    connectors: {
      pbx: {
        kind: 'asterisk',
        ami: { host: '127.0.0.1', port: place.amiPort, ...ami },
        agi: { port: 0 },
        extensions: '^10\\d$',
        clickToCall: { context: 'patchbay-call' },
      },
      chat: { kind: 'webhook', secret: chatSecret, account: 'chat', url: place.chatUrl },
    },
    destinations: {
      crm: { kind: 'webhook', url: place.crmUrl, secret: crmSecret },
      ...(place.portal !== null && { [portalName]: portalDestination(place.portal) }),
    },
  });
  return parseConfig(text, 'demo.yaml', moduleSchemas, {});
}
