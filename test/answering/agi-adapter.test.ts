import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { agiServerFor } from '../../src/answering/agi/agi-adapter.ts';
import { Answerer } from '../../src/answering/thread/answerer.ts';
import type { FromThread } from '../../src/answering/thread/messages.ts';
import type { AgiServer } from '../../src/connectors/asterisk/agi/server.ts';
import type { Logger } from '../../src/runtime/log.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { head, manager, plan } from '../router/facts.ts';

const environment = readFileSync(
  new URL('../fixtures/field-cases/calls/agi-without-script.txt', import.meta.url),
  'utf8',
);
const known = head('c1', { responsible: 'anna' });
let server: AgiServer | null = null;
const posted: FromThread[] = [];
const warnings: string[] = [];

afterEach(async () => {
  await server?.stop();
  server = null;
  posted.length = 0;
  warnings.length = 0;
});

/** Sends an environment to the FastAGI server of a connection; resolves with the commands that answer it. */
async function ask(text: string): Promise<string> {
  const staff = { managers: [manager('anna', { extensions: ['101'] })], lines: [] };
  const answerer = new Answerer({
    start: { country: 'RU', plan: plan(), staff, devices: [], turns: {} },
    directory: () => ({
      hits: () => [{ client: known, contact: null }],
      choice: () => null,
      client: () => known,
      lastTalker: () => null,
    }),
    post: (message) => void posted.push(message),
  });
  const listener = { connection: 'pbx', host: '127.0.0.1', port: 0, dial: 'PJSIP/{extension}', maxConnections: 10 };
  const log: Logger = { ...silentLogger, warn: (_: object, message?: string) => void warnings.push(message ?? '') };
  server = agiServerFor({ ...listener, allow: ['loopback'], numbers: [], charset: 'auto' }, 'RU', answerer, log);
  const socket = connect(await server.start(), '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString();
  });
  socket.write(text);
  await once(socket, 'close');
  answerer.flush();
  return answer;
}

it('answers agi://host without a script as /route', async () => {
  expect(await ask(`${environment.trimEnd()}\n\n`)).toContain('SET VARIABLE PATCHBAY_DIAL "PJSIP/101"');
  expect(posted).toMatchObject([
    { type: 'asked', asked: [{ question: { phone: '+79990000050', line: '74950000100', call: 'pbx:1795500000.1' } }] },
  ]);
  expect(warnings).toEqual([]);
});

it('says in the log what is missing in a request', async () => {
  expect(await ask('agi_network: yes\nagi_callerid: 79990000001\n\n')).toContain('PATCHBAY_DIAL "PJSIP/101"');
  expect(warnings).toEqual([expect.stringContaining('route?line=NUMBER')]);
});

it('says in the log which path to ask for', async () => {
  expect(await ask('agi_network: yes\nagi_network_script: rout\n\n')).toBe('');
  expect(warnings).toEqual([expect.stringContaining('agi://HOST:PORT/route')]);
});

it('says in the log that a client is no Asterisk', async () => {
  expect(await ask('GET / HTTP/1.1\r\n\r\n')).toBe('');
  expect(warnings).toEqual([expect.stringContaining('no environment')]);
});
