import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AsteriskConnection } from '../../../src/connectors/asterisk/connection.ts';
import { recordZone } from '../../../src/connectors/asterisk/record/zone.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { AmiTestServer, emptyLists } from '../../support/ami-server.ts';
import { asteriskConfig } from '../../support/asterisk-config.ts';
import { connectorContext, type RecordingContext } from '../../support/connector-context.ts';
import { type Office, openOffice } from '../../support/office.ts';
import { wavOf } from '../../support/sounds.ts';

const zone = recordZone('Europe/Moscow');
const minute = 60_000;

/** A gateway that was away while FreePBX wrote calls with recordings into its table. */
describe('the recording of a call recovered from the record', { timeout: 30_000 }, () => {
  let office: Office;
  let server: AmiTestServer;
  let directory: string;
  let database: Database.Database;
  let context: RecordingContext;
  let connection: AsteriskConnection | null;
  let began: number;
  let port: number;

  beforeEach(async () => {
    office = await openOffice();
    server = new AmiTestServer();
    server.answer = emptyLists;
    port = await server.listen();
    directory = mkdtempSync(join(tmpdir(), 'patchbay-recovered-'));
    database = new Database(join(directory, 'master.db'));
    database.exec(
      'CREATE TABLE cdr (calldate, clid, src, dst, channel, dstchannel, lastapp, lastdata, duration, billsec, disposition, uniqueid, linkedid, sequence, recordingfile)',
    );
    context = connectorContext('pbx', {
      emit: (event) => office.intake.emit(event),
      openCalls: () => office.store.read.liveCalls('pbx'),
    });
    began = Date.now() - 5 * minute;
    // The first start begins at the end of the record.
    await start();
    await stop();
  });

  afterEach(async () => {
    await stop();
    database.close();
    await server.close();
    await office.close();
    rmSync(directory, { recursive: true });
  });

  async function start(): Promise<void> {
    const ami = { host: '127.0.0.1', port, username: 'pb', secret: 'pb', tls: false };
    const settings = asteriskConfig({ ami, timezone: 'Europe/Moscow' });
    connection = new AsteriskConnection(
      {
        ...settings,
        recordings: {
          dir: join(directory, 'monitor'),
          keep: 'link',
          format: 'original',
          largest: 100,
          transcripts: false,
        },
        cdr: { sqlite: { path: join(directory, 'master.db'), table: 'cdr' }, utc: false },
      },
      context,
    );
    const before = context.states.filter((state) => state === 'ready').length;
    await connection.start();
    await vi.waitFor(
      () => expect(context.states.filter((state) => state === 'ready')).toHaveLength(before + 1),
      20_000,
    );
  }

  async function stop(): Promise<void> {
    await connection?.stop();
    connection = null;
  }

  /** Writes the row of a call from a client to 101. */
  function write(id: string, recordingfile: string, { disposition = 'ANSWERED' } = {}): void {
    database
      .prepare(
        `INSERT INTO cdr (calldate, clid, src, dst, channel, dstchannel, lastapp, lastdata, duration, billsec, disposition, uniqueid, linkedid, sequence, recordingfile)
         VALUES (?, '', '79161234567', '74951234567', 'PJSIP/trunk-00000001', 'PJSIP/101-00000002', 'Dial', '', 60, 50, ?, ?, ?, 1, ?)`,
      )
      .run(zone.toText(began), disposition, id, id, recordingfile);
  }

  function sound(path: string): void {
    const file = join(directory, 'monitor', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wavOf(2));
  }

  async function calls(): Promise<readonly Interaction[]> {
    return (await office.store.read.interactions({ limit: 50, cursor: null })).items;
  }

  function recorded(state: string): Promise<Interaction> {
    return vi.waitFor(
      async () => {
        const [call] = await calls();
        expect(call?.recordings).toMatchObject([{ state }]);
        return call as Interaction;
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  it('is found in the folder of its day, although FreePBX names none', async () => {
    const [year, month, day] = zone.toText(began).slice(0, 10).split('-');
    const name = `in-74951234567-79161234567-${year}${month}${day}-100000-1.0.wav`;
    sound(`${year}/${month}/${day}/${name}`);
    write('1.0', name);
    await start();
    const call = await recorded('ready');
    expect(call).toMatchObject({ reconstructed: true, recordings: [{ kind: 'call', seconds: 2, mime: 'audio/wav' }] });
    const heard = await office.call('GET', `/api/v1/recordings/${call.recordings[0]?.id}`);
    expect(heard.status).toBe(200);
    expect(await office.store.read.liveCalls('pbx')).toEqual([]);
  });

  it('stays as it was found when the record is read again after a restart', async () => {
    sound('own/a.wav');
    write('1.0', '/var/spool/asterisk/monitor/own/a.wav');
    await start();
    const { revision } = await recorded('ready');
    await stop();
    rmSync(join(directory, 'monitor/own'), { recursive: true });
    await start();
    expect(await calls()).toMatchObject([{ revision, recordings: [{ state: 'ready' }] }]);
    expect(await office.store.read.liveCalls('pbx')).toEqual([]);
  });

  it('is looked for after a restart if it was not found yet', async () => {
    write('1.0', '/var/spool/asterisk/monitor/own/a.wav');
    await start();
    await recorded('pending');
    await stop();
    sound('own/a.wav');
    await start();
    await recorded('ready');
  });

  it('is none if nobody answered', async () => {
    write('1.0', 'in-1.wav', { disposition: 'NO ANSWER' });
    await start();
    await vi.waitFor(async () => expect(await calls()).toMatchObject([{ state: 'missed', recordings: [] }]));
  });
});
