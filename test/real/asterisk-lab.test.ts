import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Asterisk, type AsteriskVersion } from './lab/asterisk.ts';
import { dids } from './lab/config.ts';
import { bridged, client } from './lab/flow.ts';
import { SippOffice } from './lab/sipp.ts';
import { toneFile } from './lab/tone.ts';

/** Processes with mounts from a folder, that is, all that remains of a laboratory. */
function processesThatMount(dir: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(dir);
      } catch {
        return false; // gone in the meantime
      }
    });
}

const versions: readonly AsteriskVersion[] = ['22', '16'];

describe.each(versions)('the laboratory with Asterisk %s', (version) => {
  let pbx: Asterisk;

  afterEach(() => pbx.dispose());

  it('loses its calls when killed, and starts again with the same port and files', async () => {
    pbx = new Asterisk({ version });
    await pbx.start();
    const office = new SippOffice(pbx);
    const { amiPort } = pbx;
    await office.phone('101', { kind: 'answer', afterMs: 100 });
    await office.callIn({ from: client, to: dids.direct });
    await bridged({ pbx, office, since: 0 }, '101');

    await pbx.kill();
    await office.stopAll();
    await pbx.start();

    expect(pbx.amiPort).toBe(amiPort);
    const { events } = await pbx.ami.action({ Action: 'CoreShowChannels' });
    expect(events).toEqual([]);
  });

  it('writes a call record and a recording as long as SIPp’s talk time', async () => {
    pbx = new Asterisk({ version });
    await pbx.start();
    const office = new SippOffice(pbx);
    await office.phone('101', { kind: 'answer', afterMs: 1000 });
    const caller = await office.callIn({
      from: client,
      to: dids.direct,
      hangUpAfterMs: 2000,
      playFile: toneFile(pbx.dir),
    });
    const call = await caller.done();
    await pbx.idle();
    await office.stopAll();
    await pbx.stop();

    const [record] = readFileSync(pbx.cdrFile, 'utf8').trim().split('\n');
    const billed = Number(/,(\d+),"ANSWERED"/.exec(record ?? '')?.[1]);
    const recordings = readdirSync(pbx.monitorDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.wav'),
    );
    const recordedSeconds = (statSync(join(pbx.monitorDir, recordings[0] ?? '')).size - 44) / 16_000;
    expect(record).toContain(`"${dids.direct}"`);
    expect(Math.abs(billed - call.talkSeconds)).toBeLessThanOrEqual(1);
    expect(recordings).toHaveLength(1);
    expect(Math.abs(recordedSeconds - call.talkSeconds)).toBeLessThanOrEqual(0.5);
  });
});

describe('the laboratory', () => {
  it('ends together with the process that started it, even if that is killed', async () => {
    const script = `import { Asterisk } from ${JSON.stringify(new URL('./lab/asterisk.ts', import.meta.url).href)};
      const pbx = new Asterisk({ version: '22' });
      pbx.start().then(() => {
        console.log(JSON.stringify({ dir: pbx.dir }));
      });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk) => resolve(String(chunk)));
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
    const { dir } = JSON.parse(line) as { dir: string };
    const inside = () => processesThatMount(dir);
    const before = inside();

    child.kill('SIGKILL');

    expect(before).not.toHaveLength(0);
    await expect.poll(inside, { timeout: 5000, interval: 20 }).toHaveLength(0);
    rmSync(dir, { recursive: true });
  });
});
