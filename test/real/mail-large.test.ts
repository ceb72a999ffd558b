import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { raw } from '../connectors/mail/support.ts';
import { seededRandom } from '../support/random.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { Gateway } from './crash/gateway.ts';
import { keptInteractions } from './crash/kept.ts';
import { freeTcpPort } from './lab/ports.ts';
import { Dovecot } from './mail/dovecot.ts';
import { reconcile } from './mail/reconcile.ts';

/** Size in megabytes of the letter on the server; its file has three quarters of that. */
const megabytes = Number(process.env.PATCHBAY_TEST_LETTER_MB ?? 60);
/** Megabytes by which the gateway may grow: less than the letter, however large it is. */
const growth = 50;

/** One letter too large to be held in memory, from a real Dovecot into the built gateway. */
describe(`a letter of ${megabytes} MB`, () => {
  const dovecot = new Dovecot();
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-large-'));
  const config = join(directory, 'patchbay.yaml');
  const database = storeUrl(join(directory, 'large.db'));
  const blobs = join(directory, 'blobs');
  let gateway: Gateway;

  beforeAll(async () => {
    await dovecot.start();
    const httpPort = await freeTcpPort();
    const mailbox = {
      kind: 'mail',
      address: 'sales@our.example',
      user: 'sales',
      password: 'secret',
      since: '2020-01-01',
      largestFile: 2000,
      imap: { host: '127.0.0.1', port: dovecot.port, tls: false, poll: 5 },
    };
    const settings = {
      http: { port: httpPort },
      store: { url: database },
      queue: { url: queueUrl() },
      blobs: { url: `file:${blobs}` },
      connectors: { sales: mailbox },
    };
    writeFileSync(config, stringify(settings));
    gateway = new Gateway({ config, url: `http://127.0.0.1:${httpPort}`, log: join(directory, 'gateway.log') });
  });

  afterAll(async () => {
    await gateway?.stop();
    await dovecot.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Waits for that many letters; returns the maximum memory meanwhile, in megabytes. */
  async function held(letters: number): Promise<number> {
    let most = 0;
    for (;;) {
      most = Math.max(most, gateway.memory() / 1024 / 1024);
      if ((await keptInteractions(database)).length >= letters) return most;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('is streamed into blob storage and accounted for', async () => {
    const random = seededRandom(5);
    const block = Buffer.from(Array.from({ length: 57 * 1024 }, () => Math.floor(random() * 256)));
    const lines = block.toString('base64').replace(/.{76}/g, '$&\r\n');
    const blocks = Math.ceil((megabytes * 1024 * 1024) / lines.length);
    const type = 'multipart/mixed; boundary="b"';
    const head =
      '--b\r\nContent-Type: text/plain\r\n\r\nThe drawings\r\n--b\r\nContent-Type: application/zip; name="drawings.zip"\r\n' +
      'Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n';
    const body = Buffer.concat([
      Buffer.from(head),
      ...Array(blocks).fill(Buffer.from(lines)),
      Buffer.from('--b--\r\n'),
    ]);

    dovecot.deliver('sales', [raw({ subject: 'Small', 'message-id': '<s@client.example>' }, 'Small')]);
    gateway.start();
    await gateway.ready();
    await held(1);
    const before = gateway.memory() / 1024 / 1024;
    dovecot.deliver('sales', [
      raw({ subject: 'Large', 'content-type': type, 'message-id': '<l@client.example>' }, body),
    ]);
    const most = await held(2);
    expect(most - before).toBeLessThan(growth);

    const hash = createHash('sha256');
    for (let i = 0; i < blocks; i++) hash.update(block);
    const [large] = (await keptInteractions(database)).filter(({ subject }) => subject === 'Large');
    expect(large).toMatchObject({
      text: 'The drawings',
      attachments: [{ name: 'drawings.zip', mime: 'application/zip', bytes: blocks * block.length }],
    });
    expect(await new FileBlobs(blobs).size(hash.digest('hex') as never)).toBe(blocks * block.length);
    expect(await reconcile(config)).toMatchObject({ code: 0, folders: [{ onServer: 2, held: 2 }, {}] });
    process.stdout.write(`${megabytes} MB: grew by ${Math.round(most - before)} MB from ${Math.round(before)} MB\n`);
  }, 600_000);
});
