import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormOffice, openFormOffice } from '../../support/forms.ts';

const types = [
  'application/json',
  'application/ld+json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=koi8-r',
  'multipart/form-data; boundary=b',
  'multipart/form-data',
  'application/octet-stream',
  'rubbish',
];
const keys = fc.oneof(
  fc.constantFrom(
    'phone',
    'Email',
    'name',
    'fields[PHONE][0][VALUE]',
    '_pb_first',
    'cookies',
    '__proto__',
    'constructor',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const json = fc
  .dictionary(keys, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constant('+79161234567')))
  .map((one) => JSON.stringify(one));
const part = fc
  .tuple(keys, fc.option(keys), fc.string({ unit: 'binary', maxLength: 200 }))
  .map(([name, file, body]) => {
    const disposition = `form-data; name="${name}"${file === null ? '' : `; filename="${file}"`}`;
    return `--b\r\ncontent-disposition: ${disposition}\r\n\r\n${body}\r\n`;
  });
const bodies = fc.oneof(
  json,
  fc.array(fc.tuple(keys, fc.string({ unit: 'binary' }))).map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
  fc
    .tuple(fc.array(part, { maxLength: 6 }), fc.constantFrom('--b--\r\n', '--b', ''))
    .map(([parts, end]) => parts.join('') + end),
  fc.string({ unit: 'binary', maxLength: 500 }),
);

describe('corrupted submissions', () => {
  let office: FormOffice;
  beforeAll(async () => {
    office = await openFormOffice({ site: { files: { count: 2, size: 1000 } }, tilda: { preset: 'tilda' } });
  });
  afterAll(() => office.close());

  it('are accepted or rejected with a proper answer, and break nothing', async () => {
    const written = async () => (await office.taken()).length;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('site', 'tilda'),
        fc.constantFrom(...types),
        bodies,
        async (line, type, body) => {
          const answer = await office.submit(line, body, { 'content-type': type });
          const result = (await answer.json()) as { ok?: boolean; type?: string };
          expect([200, 400, 413, 415, 422]).toContain(answer.status);
          if (answer.status === 200) expect(result.ok).toBe(true);
          else expect(result.type).toMatch(/^urn:patchbay:/);
        },
      ),
      { numRuns: 400 },
    );
    const before = await written();
    expect((await office.submit('site', { phone: '89169999999' })).status).toBe(200);
    expect(await written()).toBe(before + 1);
    expect(Object.prototype).not.toHaveProperty('phone');
  });

  it('are read only up to the limit: an endless file is cut off, and memory stays flat', async () => {
    const { port } = new URL(office.url);
    const before = process.memoryUsage().rss;
    const { response, sent } = await new Promise<{ response: string; sent: number }>((resolve) => {
      let response = '';
      let sent = 0;
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          'POST /api/v1/forms/site HTTP/1.1\r\nhost: pb\r\ntransfer-encoding: chunked\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n',
        );
        const head = '--b\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\n';
        socket.write(`${head.length.toString(16)}\r\n${head}\r\n`);
        pump();
      });
      // A gigabyte, as fast as the server reads it.
      const pump = () => {
        while (!socket.destroyed && sent < 1024 ** 3) {
          sent += 0x10000;
          if (!socket.write(chunk)) return void socket.once('drain', pump);
        }
      };
      socket.on('data', (data) => {
        response += data.toString('latin1');
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve({ response, sent }));
    });
    expect(response).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent).toBeLessThan(64 * 1024 ** 2);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 ** 2);
  });
});
