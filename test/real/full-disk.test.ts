import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { CrmReceiver } from '../../src/cli/demo/crm-receiver.ts';
import { ScriptedPbx } from '../../src/cli/demo/scripted-pbx.ts';
import { StoreUnavailableError } from '../../src/domain/ports/store.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { Gateway } from './crash/gateway.ts';
import { keptInteractions } from './crash/kept.ts';
import { freeTcpPort } from './lab/ports.ts';

const secret = `whsec_${Buffer.from('no room on the disk').toString('base64')}`;
const did = '74951200001';
const otherDid = '74951200002';
const caller = '79161110001';

/** A small file system that tests can fill to the last byte. Mounting it needs root, as the laboratory does. */
class SmallDisk {
  readonly path: string;

  constructor(path: string, megabytes: number) {
    this.path = path;
    mkdirSync(path);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'patchbay-test', path]);
  }

  /** Uses up the free space to the last byte. */
  fill(): void {
    const ballast = openSync(join(this.path, 'ballast'), 'a');
    try {
      for (const block of [Buffer.alloc(65_536), Buffer.alloc(1)]) while (writeSync(ballast, block) === block.length);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(ballast);
    }
  }

  /** Frees some of it. */
  free(bytes: number): void {
    const ballast = join(this.path, 'ballast');
    truncateSync(ballast, statSync(ballast).size - bytes);
  }

  empty(): void {
    rmSync(join(this.path, 'ballast'));
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.path]);
  }
}

/** Database, attachments, temporary files and the log share one small disk, as on a server that is too small. */
describe('a full disk', () => {
  let directory: string;
  let disk: SmallDisk;
  let gateway: Gateway;
  let pbx: ScriptedPbx;
  let crm: CrmReceiver;
  let url: string;
  let agiPort: number;
  const temporary = process.env.TMPDIR;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-full-'));
    disk = new SmallDisk(join(directory, 'disk'), 16);
    pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions: ['101', '102'], speed: 1 });
    crm = new CrmReceiver(secret);
    const port = await freeTcpPort();
    url = `http://127.0.0.1:${port}`;
    agiPort = await freeTcpPort();
    const config = join(directory, 'patchbay.yaml');
    writeFileSync(
      config,
      stringify({
        http: { port },
        store: { url: database() },
        blobs: { url: `file:${join(disk.path, 'blobs')}` },
        managers: [
          { id: 'm', name: 'Anna', extensions: ['101'] },
          { id: 'n', name: 'Boris', extensions: ['102'] },
        ],
        lines: [
          { id: 'main', channel: 'call', address: did, label: 'Main' },
          { id: 'other', channel: 'call', address: otherDid, label: 'Other', route: 'manager:n' },
          { id: 'site', channel: 'form', form: { rateLimit: 0 } },
        ],
        routing: { fallback: 'manager:m' },
        connectors: {
          pbx: {
            kind: 'asterisk',
            ami: { host: '127.0.0.1', port: await pbx.ami.listen(), username: 'pb', secret: 'pb' },
            agi: { port: agiPort },
          },
        },
        destinations: { crm: { kind: 'webhook', url: await crm.listen(), secret, retry: { first: 0.2, longest: 2 } } },
      }),
    );
    process.env.TMPDIR = disk.path;
    gateway = new Gateway({ config, url, log: join(disk.path, 'gateway.log') });
    gateway.start();
    await gateway.ready();
  });

  afterAll(async () => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    await gateway?.stop();
    await Promise.all([pbx?.ami.close(), crm?.close()]);
    disk?.unmount();
    rmSync(directory, { recursive: true, force: true });
  });

  const database = () => `sqlite:${join(disk.path, 'patchbay.db')}`;
  const health = async () => (await fetch(`${url}/health/ready`)).status;
  const phoneOf = (n: number) => `+7916${2_000_000 + n}`;
  const submit = (n: number, body: string | FormData, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/v1/forms/site`, {
      method: 'POST',
      body,
      headers: { 'idempotency-key': `full-${n}`, ...headers },
    });
  const plainForm = (n: number) =>
    submit(n, JSON.stringify({ phone: phoneOf(n), comment: 'x'.repeat(4000) }), { 'content-type': 'application/json' });
  const formWithFile = (n: number, file: Buffer<ArrayBuffer>) => {
    const body = new FormData();
    body.set('phone', phoneOf(n));
    body.set('file', new Blob([file]), 'drawing.pdf');
    return submit(n, body);
  };

  it('rejects what it cannot store, keeps what it has acknowledged, keeps routing, and recovers by itself', async () => {
    const answered = new Set<number>();
    const refused = new Set<number>();
    let n = 0;
    const send = async (form: (n: number) => Promise<Response>) => {
      n += 1;
      const { status } = await form(n);
      expect([200, 503]).toContain(status);
      (status === 200 ? answered : refused).add(n);
      return status;
    };
    expect(await send(plainForm)).toBe(200);
    expect(await health()).toBe(200);

    // A call that began while there was space continues without it.
    const hangUp = new AbortController();
    const script = { from: caller, name: '', did, ringMs: 1500, talkMs: 120_000 };
    const call = pbx.inbound(script, agiPort, hangUp.signal);
    await vi.waitFor(
      async () =>
        expect(await keptInteractions(database())).toContainEqual(expect.objectContaining({ state: 'ringing' })),
      10_000,
    );
    disk.fill();
    await vi.waitFor(async () => expect(await send(plainForm)).toBe(503), { timeout: 20_000, interval: 0 });
    expect(await send((i) => formWithFile(i, Buffer.alloc(100_000)))).toBe(503);
    await vi.waitFor(async () => expect(await health()).toBe(503), { timeout: 20_000, interval: 200 });

    // A new caller is routed by the rules and the call is put through, although it is not in the store yet.
    const second = { from: '79161110002', name: '', did: otherDid, ringMs: 300, talkMs: 300 };
    hangUp.abort();
    expect((await call).answeredBy).toBe('101');
    expect((await pbx.inbound(second, agiPort, new AbortController().signal)).answeredBy).toBe('102');
    expect(await health()).toBe(503);

    disk.empty();
    await vi.waitFor(async () => expect(await health()).toBe(200), { timeout: 40_000, interval: 200 });
    expect(await send(plainForm)).toBe(200);
    expect(await send((i) => formWithFile(i, Buffer.alloc(100_000)))).toBe(200);

    // It recovered without a restart, and the CRM has the same state as the store.
    await vi.waitFor(
      async () => {
        const kept = await keptInteractions(database());
        for (const from of [caller, second.from])
          expect(kept.filter((one) => one.party.phone === `+${from}`)).toMatchObject([
            { state: 'answered', reconstructed: false },
          ]);
        for (const one of kept) expect(crm.interactions.get(one.id)?.revision).toBe(one.revision);
      },
      { timeout: 30_000, interval: 200 },
    );
    const phones = (await keptInteractions(database())).map((one) => one.party.phone);
    for (const i of answered) expect(phones.filter((phone) => phone === phoneOf(i))).toEqual([phoneOf(i)]);
    for (const i of refused) expect(phones).not.toContain(phoneOf(i));
    expect(gateway.ended).toBe(false);
    expect(await gateway.stop()).toBe(0);
    console.log(`${answered.size} forms answered for, ${refused.size} refused while the disk was full`);
  });

  it('leaves no partial attachment, and stores others once there is space', async () => {
    const root = join(disk.path, 'apart');
    const blobs = new FileBlobs(root);
    const file = Buffer.alloc(300_000, 'x');
    disk.fill();
    const put = () => blobs.put(Readable.from([file]), file.length);
    await expect(put()).rejects.toThrow(StoreUnavailableError);
    disk.empty();
    // Less space than the file needs, so that only part of its data can be written.
    disk.fill();
    disk.free(200_000);
    await expect(put()).rejects.toThrow(StoreUnavailableError);
    disk.empty();
    const { id, bytes } = await put();
    expect([bytes, await blobs.size(id)]).toEqual([file.length, file.length]);
  });
});
