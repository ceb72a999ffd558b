import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordingFinder } from '../../../src/connectors/asterisk/recordings/finder.ts';
import { HttpSource } from '../../../src/connectors/asterisk/recordings/http-source.ts';
import type { SeenFile, SoundSource } from '../../../src/connectors/asterisk/recordings/source.ts';
import { SoundKeeper } from '../../../src/connectors/shared/sound/keeper.ts';
import type { CallRecording } from '../../../src/domain/interaction/contact-event.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { FileBlobs } from '../../../src/store/blobs/file-blobs.ts';
import { endedCall } from '../../support/calls.ts';
import { wavOf } from '../../support/sounds.ts';

const pending: CallRecording = {
  ...{ file: '/var/spool/asterisk/monitor/2026/11/24/a.wav', path: null, leg: 0, kind: 'call', state: 'pending' },
  ...{ startedAt: 0, seconds: null, mime: null, bytes: null },
};
let directory: string;

/** The result of the last of some looks. */
async function looked(sounds: SoundSource, looks = 1) {
  const keeper = new SoundKeeper(new FileBlobs(directory), { format: 'original', largest: 10 }, silentLogger);
  const finder = new RecordingFinder({ sounds, voicemail: null, keeper, copies: false, largest: 10 });
  const seen = new Map<string, SeenFile>();
  const { signal } = new AbortController();
  for (let i = 1; i < looks; i += 1) await finder.look(pending, endedCall('1'), seen, signal);
  const found = await finder.look(pending, endedCall('1'), seen, signal);
  return found.kind === 'settled' ? found.recording : found.kind;
}

describe('recordings on a web server', () => {
  let server: Server;
  let url: string;
  const asked: string[] = [];
  const login = `Basic ${Buffer.from('crm:se:cret').toString('base64')}`;
  const files = new Map<string, Buffer | string>();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-http-'));
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.headers.authorization !== login) return response.writeHead(401).end();
      const found = files.get(request.url ?? '');
      if (found === undefined) return response.writeHead(404).end();
      response.writeHead(200, { 'content-length': Buffer.byteLength(found) });
      return response.end(request.method === 'HEAD' ? undefined : found);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });

  const source = (template: string, password = 'se:cret') =>
    new HttpSource({ url: `${url}${template}`, username: 'crm', password, timeout: 5, largestFile: 10 });

  it('are fetched with credentials once they are steady, also after a conversion', async () => {
    files.set('/rec/2026/11/24/a.mp3', Buffer.concat([Buffer.from('ID3'), Buffer.alloc(5000)]));
    expect(await looked(source('/rec/{path}'))).toBe('growing');
    const found = await looked(source('/rec/{path}'), 2);
    expect(found).toMatchObject({ state: 'ready', mime: 'audio/mpeg', bytes: 5003 });
    expect(asked).toContain('HEAD /rec/2026/11/24/a.wav');
  });

  it('are fetched by their whole path on the PBX, with the type that the server really sends', async () => {
    files.set(`/play?view=${encodeURIComponent(pending.file)}`, Buffer.from(`OggS${'.'.repeat(99)}`));
    expect(await looked(source('/play?view={file}'), 2)).toMatchObject({ state: 'ready', mime: 'audio/ogg' });
  });

  it('are copied as they are, and asked for below `monitor` only', async () => {
    files.clear();
    files.set('/rec/2026/11/24/a.wav', wavOf(3));
    expect(await looked(source('/rec/{path}'), 2)).toMatchObject({ state: 'ready', mime: 'audio/wav', seconds: 3 });
    expect(asked.filter((one) => !one.includes('2026') && !one.includes('view='))).toEqual([]);
  });

  it('are not found in a page that the server sends instead', async () => {
    files.set(`/login?view=${encodeURIComponent(pending.file)}`, '<!doctype html><title>Log in</title>');
    await expect(looked(source('/login?view={file}'), 2)).rejects.toThrow('there is no file of it');
  });

  it('are not fetched with a wrong password', async () => {
    await expect(looked(source('/rec/{path}', 'wrong'))).rejects.toThrow('HTTP 401');
  });
});
