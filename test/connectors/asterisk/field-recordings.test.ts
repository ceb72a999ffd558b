import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AsteriskConnection } from '../../../src/connectors/asterisk/connection.ts';
import type { CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { AmiTestServer, emptyLists } from '../../support/ami-server.ts';
import { asteriskConfig } from '../../support/asterisk-config.ts';
import { connectorContext } from '../../support/connector-context.ts';
import { type Office, openOffice } from '../../support/office.ts';
import { wavOf } from '../../support/sounds.ts';

const folder = new URL('../../fixtures/field-cases/calls/', import.meta.url);
const { cases } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as {
  cases: Record<string, { files?: string[]; later?: Record<string, string> }>;
};
const recorded = Object.entries(cases).filter(([, one]) => one.files !== undefined);

/** Plays the cases with sound files through a connection into a store, and listens to the result over REST. */
describe('recordings of the field', { timeout: 30_000 }, () => {
  let office: Office;
  let server: AmiTestServer;
  let directory: string;
  let connection: AsteriskConnection;

  beforeAll(async () => {
    office = await openOffice();
    server = new AmiTestServer();
    server.answer = emptyLists;
    directory = mkdtempSync(join(tmpdir(), 'patchbay-field-'));
    const context = connectorContext('pbx', { emit: (event) => office.intake.emit(event) });
    const ami = { host: '127.0.0.1', port: await server.listen(), username: 'pb', secret: 'pb', tls: false };
    const recordings = { dir: directory, keep: 'link', format: 'original', largest: 100, transcripts: false } as const;
    connection = new AsteriskConnection(
      { ...asteriskConfig({ ami, extensions: '^[1-9]\\d{2,3}$' }), recordings },
      context,
    );
    await connection.start();
    await vi.waitFor(() => expect(context.states).toContain('ready'), 20_000);
  });
  afterAll(async () => {
    await connection.stop();
    await server.close();
    await office.close();
    rmSync(directory, { recursive: true });
  });

  async function callFrom(phone: string): Promise<Interaction> {
    const { items } = await office.store.read.interactions({ limit: 50, cursor: null });
    const found = items.find(({ party }) => party.phone === phone);
    if (found === undefined) throw new Error(`no call of ${phone}`);
    return found;
  }

  it.each(recorded)('%s', async (file, { files = [], later = {} }) => {
    for (const name of files) {
      mkdirSync(join(directory, dirname(name)), { recursive: true });
      writeFileSync(join(directory, name), wavOf(1));
    }
    const steps = readFileSync(new URL(file, folder), 'utf8').trim().split('\n');
    const events = steps.map((line) => (JSON.parse(line) as { event: Record<string, string> }).event);
    for (const event of events)
      server.say(
        `${Object.entries(event)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('')}\r\n`,
      );
    const phone = `+${events[0]?.CallerIDNum}`;
    const ready = await vi.waitFor(
      async () => {
        const [recording] = (await callFrom(phone)).recordings;
        expect(recording).toMatchObject({ state: 'ready', mime: expect.stringContaining('audio/'), problem: null });
        return recording;
      },
      { timeout: 15_000, interval: 100 },
    );
    for (const [from, to] of Object.entries(later)) renameSync(join(directory, from), join(directory, to));

    const heard = await office.call('GET', `/api/v1/recordings/${ready?.id}`, undefined, { range: 'bytes=0-3' });

    expect([heard.status, await heard.text()]).toEqual([206, 'RIFF']);
    expect(heard.headers.get('content-type')).toBe(Object.keys(later).length > 0 ? 'audio/mpeg' : ready?.mime);
  });

  it('stay ready when a later snapshot of the call does not know of it', async () => {
    const before = await callFrom('+79990000040');
    const late: CallSnapshot = {
      ...{ kind: 'call', key: 'pbx:1795504700.0', aliases: [], connection: 'pbx', basis: 'live' },
      ...{ direction: 'inbound', state: 'answered', dialled: '74950000100', endedAt: Date.parse(before.endedAt ?? '') },
      ...{ startedAt: Date.parse(before.startedAt) - 5, party: { raw: '79990000040', name: null, withheld: false } },
      ...{ legs: [], transfers: [], reconstructed: false },
      recordings: [
        {
          ...{ file: '/var/spool/asterisk/monitor/2026/11/24/k.wav', path: null, leg: null, kind: 'call' },
          ...{ state: 'pending', startedAt: 0, seconds: null, mime: null, bytes: null },
        },
      ],
    } as unknown as CallSnapshot;
    await office.intake.emit(late);
    expect((await callFrom('+79990000040')).recordings).toEqual(before.recordings);
  });
});
