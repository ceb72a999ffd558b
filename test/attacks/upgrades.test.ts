import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Asker } from '../real/siege/asker.ts';
import { AttackedProgram, clientPhone, did } from './support/program.ts';
import { RawSockets, readUntilClosed } from './support/raw.ts';

const refused = 1100;
const webSocket =
  'Host: office\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

describe('upgrade requests', () => {
  let program: AttackedProgram;
  let sockets: RawSockets;
  let asker: Asker;
  let port: number;

  beforeAll(async () => {
    program = await AttackedProgram.start({ files: 1024 });
    port = Number(new URL(program.url).port);
    sockets = new RawSockets(port);
    asker = new Asker({ port: program.agiPort, from: clientPhone, did, dial: 'PJSIP/101' });
  }, 60_000);
  afterEach(() => sockets.release());
  afterAll(() => program?.stop());

  it('to HTTP/2 are ignored: a form sent by curl is accepted', async () => {
    const form = JSON.stringify({ name: 'Anna', phone: '+79161110009' });
    const headers = ['-H', 'content-type: application/json', '-d', form];
    const { stdout } = await promisify(execFile)('curl', [
      '--http2',
      '-s',
      '-w',
      ' %{http_code}',
      ...headers,
      `${program.url}/api/v1/forms/site`,
    ]);
    expect(stdout).toMatch(/ 200$/);
  });

  it.each(['//', '//desk', '/desk/%zz', 'http://['])(
    'at the odd URL %s are refused without an error in the log',
    async (url) => {
      const socket = await sockets.send(`GET ${url} HTTP/1.1\r\n${webSocket}`);
      expect(await Promise.race([readUntilClosed(socket), firstChunk(socket)])).toContain(' 400 ');
      expect(program.log).not.toMatch(/"level":(50|"error")/);
    },
  );

  it('that are refused release their file descriptors, even if the peers keep the connections open', async () => {
    const before = descriptors();
    await asker.during(sockets.crowd(refused, () => `GET /desk HTTP/1.1\r\n${webSocket}`));
    await vi.waitFor(() => expect(descriptors() - before).toBeLessThan(50), { timeout: 20_000 });
    await asker.ask();
    expect(asker.wrong).toEqual([]);
    expect((await fetch(`${program.url}/health/ready`)).status).toBe(200);
  });

  const descriptors = () => readdirSync(`/proc/${program.gateway.pid}/fd`).length;
});

/** The first chunk of a response on a keep-alive connection. */
function firstChunk(socket: Awaited<ReturnType<RawSockets['send']>>): Promise<string> {
  return new Promise((resolve) => socket.once('data', (chunk) => resolve(String(chunk))));
}
