import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { moduleSchemas } from '../../src/cli/context.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { type Patchbay, startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { logIn, operator } from '../support/desk-login.ts';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { client } from './lab/flow.ts';
import { freeTcpPort } from './lab/ports.ts';
import { printedConfig } from './lab/printed.ts';
import { SippOffice } from './lab/sipp.ts';
import { toneFile } from './lab/tone.ts';

/** A number whose calls are recorded, and whose recording a script converts in two steps and then removes. */
const converted = '74950000091';
/** Goes to the mailbox of 102. The laboratory has no prompts, so neither instructions nor a beep are played. */
const mailbox = '74950000092';
const script = 'sleep 2 && cp ^{FILE} ^{FILE}.half && sleep 1 && mv ^{FILE}.half ^{STEM}.mp3 && rm ^{FILE}';
const dialplan = `
[from-trunk](+)
exten => ${converted},1,Set(STEM=\${ASTSPOOLDIR}/monitor/\${STRFTIME(\${EPOCH},,%Y/%m/%d)}/conv-\${UNIQUEID})
 same => n,Set(FILE=\${STEM}.wav)
 same => n,MixMonitor(\${FILE},b,/bin/sh -c "${script}")
 same => n,Dial(PJSIP/101,30)
 same => n,Hangup()
exten => ${mailbox},1,Dial(PJSIP/102,2)
 same => n,VoiceMail(102@default,st)
 same => n,Hangup()
`;

const versions: readonly AsteriskVersion[] = ['22', '16'];

/** What becomes of the sound that a real Asterisk writes, as a person hears it over REST. */
describe.each(versions)('recordings of Asterisk %s', (version) => {
  let pbx: Asterisk;
  let office: SippOffice;
  let patchbay: Patchbay;
  let directory: string;
  let cookie: string;

  beforeAll(async () => {
    const agiPort = await freeTcpPort();
    directory = mkdtempSync(join(tmpdir(), 'patchbay-sound-'));
    const printed = printedConfig(agiPort);
    pbx = new Asterisk({
      version,
      extra: { ...printed, 'extensions.conf': `${printed['extensions.conf']}\n${dialplan}` },
    });
    await pbx.start();
    office = new SippOffice(pbx);
    const text = stringify({
      http: { port: 0 },
      store: { url: `sqlite:${join(directory, 'sound.db')}` },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      managers: [
        { id: 'a', name: 'A', extensions: ['101'], user: 'a' },
        { id: 'b', name: 'B', extensions: ['102'], user: 'b' },
      ],
      connectors: {
        pbx: {
          kind: 'asterisk',
          ami: { host: '127.0.0.1', port: pbx.amiPort, username: 'patchbay', secret: 'lab-secret' },
          extensions: '^10\\d$',
          recordings: { dir: pbx.monitorDir, voicemail: { dir: join(pbx.dir, 'spool/voicemail') } },
        },
      },
    });
    patchbay = await startPatchbay(parseConfig(text, 'sound.yaml', moduleSchemas, {}), silentLogger);
    await patchbay.store.apply([await operator('a', 'a'), await operator('b', 'b')]);
    cookie = await logIn(patchbay.url, 'b');
    await vi.waitFor(
      async () => {
        const answer = (await (await fetch(`${patchbay.url}/health/ready`)).json()) as {
          connections: { health: string }[];
        };
        expect(answer.connections[0]?.health).toBe('ready');
      },
      { timeout: 20_000 },
    );
  });

  afterEach(async () => {
    await pbx.idle();
    await office.stopAll();
  });

  afterAll(async () => {
    await patchbay?.stop();
    await pbx?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  /** The newest call, once its only recording has left `pending`. */
  async function settled(): Promise<Interaction> {
    return vi.waitFor(
      async () => {
        const { items } = await patchbay.store.read.interactions({ limit: 1, cursor: null });
        expect(items[0]?.recordings).toMatchObject([{ state: expect.not.stringMatching('pending') }]);
        return items[0] as Interaction;
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  const listen = (one: Interaction, as = cookie) =>
    fetch(`${patchbay.url}/api/v1/recordings/${one.recordings[0]?.id}`, { headers: { cookie: as } });

  it('are heard while a script converts them, and afterwards', async () => {
    await office.phone('101', { kind: 'answer', afterMs: 500 });
    const caller = await office.callIn({
      from: client,
      to: converted,
      hangUpAfterMs: 2500,
      playFile: toneFile(pbx.dir),
    });
    await caller.done();
    const call = await settled();
    expect(call).toMatchObject({ state: 'answered', recordings: [{ kind: 'call', state: 'ready', problem: null }] });
    const own = await logIn(patchbay.url, 'a');
    expect((await listen(call, own)).status).toBe(200);
    await vi.waitFor(
      async () => {
        const heard = await listen(call, own);
        expect([heard.status, heard.headers.get('content-type')]).toEqual([200, 'audio/mpeg']);
        expect((await heard.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
      },
      { timeout: 15_000, interval: 300 },
    );
    expect((await listen(call)).status).toBe(403);
  });

  it('include what the caller left in voicemail, for the owner of the mailbox', async () => {
    await office.phone('102', { kind: 'ring' });
    const message = { from: client, to: mailbox, hangUpAfterMs: 6000, playFile: toneFile(pbx.dir) };
    const caller = await office.callIn(message);
    await caller.done();
    const call = await settled();
    expect(call).toMatchObject({
      state: 'missed',
      recordings: [{ kind: 'voicemail', state: 'ready', mime: 'audio/wav', problem: null }],
    });
    const box = call.recordings[0]?.leg ?? -1;
    expect(call.legs[box]).toMatchObject({ kind: 'voicemail', extension: '102', manager: { id: 'b' } });
    expect(call.recordings[0]?.seconds).toBeGreaterThan(0);
    const heard = await listen(call);
    expect([heard.status, Buffer.from(await heard.arrayBuffer()).toString('latin1', 0, 4)]).toEqual([200, 'RIFF']);
    const { items } = await patchbay.store.read.tasks({ limit: 5, cursor: null });
    expect(items).toMatchObject([{ kind: 'call_back', interaction: call.id, manager: { id: 'b' } }]);
  });
});
