import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RecordingFinder } from '../../src/connectors/asterisk/recordings/finder.ts';
import type { SftpRecordings } from '../../src/connectors/asterisk/recordings/schema.ts';
import { RecordingSearch } from '../../src/connectors/asterisk/recordings/search.ts';
import { SftpSource } from '../../src/connectors/asterisk/recordings/sftp-source.ts';
import type { SeenFile, SoundSource } from '../../src/connectors/asterisk/recordings/source.ts';
import { SoundKeeper } from '../../src/connectors/shared/sound/keeper.ts';
import type { CallRecording, CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import { reasonText } from '../../src/domain/reasons/reasons.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { endedCall } from '../support/calls.ts';
import { wavOf } from '../support/sounds.ts';
import { freeTcpPort } from './lab/ports.ts';

const pending: CallRecording = {
  ...{ file: '/var/spool/asterisk/monitor/2026/11/24/a.wav', path: null, leg: 0, kind: 'call', state: 'pending' },
  ...{ startedAt: 0, seconds: null, mime: null, bytes: null },
};
const { signal } = new AbortController();
let place: string;
let root: string;
let day: string;
let blobs: FileBlobs;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'patchbay-remote-'));
  root = join(place, 'monitor');
  day = join(root, '2026/11/24');
  mkdirSync(day, { recursive: true });
  blobs = new FileBlobs(join(place, 'blobs'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

function finderOf(sounds: SoundSource, format: 'original' | 'opus' | 'mp3' = 'original'): RecordingFinder {
  const keeper = new SoundKeeper(blobs, { format, largest: 10 }, silentLogger);
  return new RecordingFinder({ sounds, voicemail: null, keeper, copies: false, largest: 10 });
}

/** The result of the last of some looks. */
async function looked(sounds: SoundSource, looks = 1, format: 'original' | 'opus' | 'mp3' = 'original') {
  const finder = finderOf(sounds, format);
  const seen = new Map<string, SeenFile>();
  for (let i = 1; i < looks; i += 1) await finder.look(pending, endedCall('1'), seen, signal);
  const found = await finder.look(pending, endedCall('1'), seen, signal);
  return found.kind === 'settled' ? found.recording : found.kind;
}

async function copyOf(recording: CallRecording | string): Promise<Buffer> {
  const blob = typeof recording === 'string' ? null : recording.blob;
  if (blob == null) throw new Error(`expected a copy, found ${JSON.stringify(recording)}`);
  return buffer(await blobs.open(blob));
}

/** A real sshd on loopback, for the user of the test. */
class SshServer {
  readonly port: number;
  readonly hostKey: string;
  readonly privateKey: string;
  readonly #config: string;
  #process: ChildProcess | null = null;

  constructor(port: number) {
    this.port = port;
    for (const name of ['host', 'user', 'stranger'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(place, name)]);
    this.hostKey = readFileSync(join(place, 'host.pub'), 'utf8').trim();
    this.privateKey = readFileSync(join(place, 'user'), 'utf8');
    this.#config = join(place, 'sshd_config');
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(place, 'host')}`,
      `AuthorizedKeysFile ${join(place, 'user.pub')}`,
      'PidFile none',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      'StrictModes no',
      'UsePAM no',
      'Subsystem sftp internal-sftp',
    ];
    writeFileSync(this.#config, `${lines.join('\n')}\n`);
  }

  async start(): Promise<void> {
    mkdirSync('/run/sshd', { recursive: true });
    this.#process = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', this.#config], { stdio: 'ignore' });
    await vi.waitFor(
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect(this.port, '127.0.0.1', () => {
            socket.destroy();
            resolve();
          });
          socket.once('error', reject);
        }),
      { timeout: 10_000, interval: 50 },
    );
  }

  stop(): void {
    this.#process?.kill();
  }
}

describe('recordings on an SFTP server', () => {
  let server: SshServer;
  let source: SftpSource;
  const settings = (change: Partial<SftpRecordings> = {}): SftpRecordings => ({
    host: '127.0.0.1',
    port: server.port,
    username: userInfo().username,
    privateKey: server.privateKey,
    hostKey: server.hostKey,
    timeout: 10,
    ...change,
  });
  const open = (change: Partial<SftpRecordings> = {}) => new SftpSource(settings(change), root);

  beforeAll(async () => {
    server = new SshServer(await freeTcpPort());
    await server.start();
    source = open();
  });
  afterAll(async () => {
    await source?.close();
    server?.stop();
  });

  it('are copied whole, also after a conversion', async () => {
    writeFileSync(join(day, 'a.wav'), wavOf(60));
    const found = await looked(source);
    expect(found).toMatchObject({ state: 'ready', path: null, mime: 'audio/wav', seconds: 60 });
    expect(await copyOf(found)).toEqual(wavOf(60));
    renameSync(join(day, 'a.wav'), join(day, 'a.mp3'));
    expect(await looked(source)).toBe('growing');
    expect(await looked(source, 2)).toMatchObject({ state: 'ready' });
    rmSync(join(day, 'a.mp3'));
    expect(await looked(source)).toBe('absent');
  });

  it('are not read through a link out of the root', async () => {
    writeFileSync(join(place, 'secret'), wavOf(1));
    symlinkSync(join(place, 'secret'), join(day, 'a.wav'));
    expect(await looked(source)).toBe('absent');
    rmSync(join(day, 'a.wav'));
  });

  it('are not fetched from a server with another host key', async () => {
    const other = readFileSync(join(place, 'stranger.pub'), 'utf8').trim();
    for (const hostKey of [other, 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])
      await expect(looked(open({ hostKey }))).rejects.toThrow('shows another host key than `hostKey`');
    const printed = execFileSync('ssh-keygen', ['-l', '-f', join(place, 'host.pub')], { encoding: 'utf8' });
    const known = open({ hostKey: printed.split(' ')[1] ?? '' });
    expect(await looked(known)).toBe('absent');
    await known.close();
  });

  it('are not fetched with a wrong login', async () => {
    const privateKey = readFileSync(join(place, 'stranger'), 'utf8');
    await expect(looked(open({ privateKey }))).rejects.toThrow('refuses the login');
  });

  it('stay pending, with the reason, while the server is lost, and are found once it is back', async () => {
    server.stop();
    await source.close();
    writeFileSync(join(day, 'a.wav'), wavOf(2));
    const reports: CallSnapshot[] = [];
    const stopping = new AbortController();
    const search = () => {
      const found = new RecordingSearch({
        finder: finderOf(source),
        now: () => endedCall('1').endedAt ?? 0,
        log: silentLogger,
        signal: stopping.signal,
        report: async (call) => void reports.push(call),
      });
      found.begin(endedCall('1', { recordings: [pending] }));
      return found;
    };
    search();
    await vi.waitFor(() => expect(reports).toHaveLength(1), { timeout: 20_000 });
    const [recording] = reports[0]?.recordings ?? [];
    expect(recording?.state).toBe('pending');
    expect(recording?.problem == null ? null : reasonText(recording.problem)).toContain("can't be reached");
    await server.start();
    await vi.waitFor(() => expect(reports.at(-1)?.recordings[0]).toMatchObject({ state: 'ready', problem: null }), {
      timeout: 60_000,
    });
    stopping.abort();
    rmSync(join(day, 'a.wav'));
  });

  it.each([
    ['opus', 'audio/ogg', 'OggS'],
    ['mp3', 'audio/mpeg', null],
  ] as const)('are converted to %s by ffmpeg', async (format, mime, beginning) => {
    writeFileSync(join(day, 'a.wav'), wavOf(20));
    const found = await looked(source, 1, format);
    expect(found).toMatchObject({ state: 'ready', mime, seconds: 20 });
    const copy = await copyOf(found);
    if (beginning !== null) expect(copy.toString('latin1', 0, 4)).toBe(beginning);
    expect(copy.length).toBeLessThan(wavOf(20).length / 2);
    expect(await copyOf(await looked(source, 1, format))).toEqual(copy);
    rmSync(join(day, 'a.wav'));
  });
});
