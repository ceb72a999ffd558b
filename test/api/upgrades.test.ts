import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Office, openOffice } from '../support/office.ts';

const h2c =
  'Host: office\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAA\r\n';
const webSocket =
  'Host: office\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
const json = 'Content-Type: application/json\r\n';

describe('upgrades that are not for the desk', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.close());

  /** Sends bytes on one connection, then further parts as needed, until enough responses have arrived; returns their statuses. */
  const exchange = (text: string, answers: number) =>
    new Promise<{ statuses: number[]; text: string }>((resolve, reject) => {
      const socket = connect(Number(new URL(office.url).port), '127.0.0.1', () => socket.write(text));
      let received = '';
      const statuses = () => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
      socket.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
        if (statuses().length >= answers) socket.destroy();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve({ statuses: statuses(), text: received }));
    });

  const live = `GET /health/live HTTP/1.1\r\nHost: office\r\n\r\n`;
  const login = JSON.stringify({ login: 'anna', password: 'wrong' });
  const post = `POST /api/v1/session HTTP/1.1\r\n${h2c}${json}`;
  const whole = `${post}Content-Length: ${login.length}\r\n\r\n${login}`;

  it.each([
    ['a GET', `GET /health/live HTTP/1.1\r\n${h2c}\r\n`, [200]],
    ['a target with its host', `GET http://office/health/live?x=1 HTTP/1.1\r\n${h2c}\r\n`, [200]],
    ['a WebSocket elsewhere', `GET /health/live HTTP/1.1\r\n${webSocket}\r\n`, [200]],
    ['a desk request with another method', `POST /desk HTTP/1.1\r\n${webSocket}Content-Length: 0\r\n\r\n`, [404]],
    ['h2c at the desk', `GET /desk HTTP/1.1\r\n${h2c}\r\n`, [404]],
    ['a POST with a body', whole, [401]],
    [
      'a chunked body',
      `${post}Transfer-Encoding: chunked\r\n\r\n${login.length.toString(16)}\r\n${login}\r\n0\r\n\r\n`,
      [401],
    ],
    ['Expect', `${post}Expect: 100-continue\r\nContent-Length: ${login.length}\r\n\r\n${login}`, [100, 401]],
    ['with more requests in the same packet', `GET /health/live HTTP/1.1\r\n${h2c}\r\n${live}${live}`, [200, 200, 200]],
    ['with another request after the body', `${whole}${live}`, [401, 200]],
    [
      'with earlier requests still unanswered',
      `${whole.replaceAll(h2c, 'Host: office\r\n')}${whole}${live}`,
      [401, 401, 200],
    ],
    ['many upgrades in a row', `GET /health/live HTTP/1.1\r\n${h2c}\r\n`.repeat(20), Array(20).fill(200)],
  ])('are ignored: %s', async (_what, text, expected) => {
    expect((await exchange(text, expected.length)).statuses).toEqual(expected);
  });

  it('by curl --http2 are answered, with and without a body', async () => {
    const curl = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)('curl', ['--http2', '-s', '-w', '%{http_code}', ...args]);
      return stdout.slice(-3);
    };
    expect(await curl(`${office.url}/health/live`)).toBe('200');
    expect(await curl('-H', 'content-type: application/json', '-d', login, `${office.url}/api/v1/session`)).toBe('401');
  });

  it.each(['//', '//desk', '///', '//[', '/desk/%zz', '/%', '/%ff%00', 'http://[/', '/desk\\..'])(
    'and plain requests get 400 for the odd URL %s',
    async (url) => {
      for (const headers of ['Host: office\r\n', webSocket, h2c]) {
        expect((await exchange(`GET ${url} HTTP/1.1\r\n${headers}\r\n`, 1)).statuses).toEqual([400]);
      }
      expect(office.logged()).not.toContain('"level":50');
    },
  );

  it('that are refused close our side although the peer keeps its own open', async () => {
    const socket = connect({ port: Number(new URL(office.url).port), host: '127.0.0.1', allowHalfOpen: true });
    socket.write(`GET /desk HTTP/1.1\r\n${webSocket}\r\n`);
    await new Promise((resolve) => socket.resume().once('end', resolve));
    // If the server only ended its half, it would accept more bytes for ever.
    await new Promise((resolve) => {
      socket.on('error', resolve);
      socket.on('close', resolve);
      const more = setInterval(() => (socket.destroyed ? clearInterval(more) : socket.write('x')), 5);
    });
    expect(socket.destroyed).toBe(true);
  });
});
