import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectorySource } from '../../../src/connectors/asterisk/recordings/directory-source.ts';
import { RecordingFinder } from '../../../src/connectors/asterisk/recordings/finder.ts';
import type { SeenFile } from '../../../src/connectors/asterisk/recordings/source.ts';
import { SoundKeeper } from '../../../src/connectors/shared/sound/keeper.ts';
import type { CallRecording, CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import { reasonText } from '../../../src/domain/reasons/reasons.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { FileBlobs } from '../../../src/store/blobs/file-blobs.ts';
import { endedCall } from '../../support/calls.ts';
import { wavOf } from '../../support/sounds.ts';

const pending: CallRecording = {
  ...{ file: '/var/spool/asterisk/monitor/2026/11/24/a.wav', path: null, leg: 0, kind: 'call', state: 'pending' },
  ...{ startedAt: 0, seconds: null, mime: null, bytes: null },
};
const { signal } = new AbortController();
let place: string;
let directory: string;
let day: string;
let blobs: FileBlobs;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'patchbay-recordings-'));
  directory = join(place, 'monitor');
  day = join(directory, '2026/11/24');
  mkdirSync(day, { recursive: true });
  blobs = new FileBlobs(join(place, 'blobs'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** A finder over the directory, with its looks. */
function finder(copies = false) {
  const keeper = new SoundKeeper(blobs, { format: 'original', largest: 1 }, silentLogger);
  const parts = {
    sounds: new DirectorySource(directory),
    voicemail: new DirectorySource(join(place, 'voicemail')),
    keeper,
    copies,
    largest: 1,
  };
  const found = new RecordingFinder(parts);
  const seen = new Map<string, SeenFile>();
  return (recording: CallRecording = pending, call: CallSnapshot = endedCall('1')) =>
    found.look(recording, call, seen, signal);
}

/** The second of two looks, which settles files without a length in their header. */
async function twice(): Promise<CallRecording | string> {
  const look = finder();
  await look();
  const found = await look();
  return found.kind === 'settled' ? found.recording : found.kind;
}

describe('the file of a recording', () => {
  it.each([
    ['a.mp3', 'audio/mpeg'],
    ['a.webm', 'audio/webm'],
    ['a.ogg', 'audio/ogg'],
    ['a.opus', 'audio/ogg'],
    ['a.m4a', 'audio/mp4'],
    ['a.gsm', 'audio/gsm'],
    ['a.WAV', 'audio/x-wav'],
    ['a.MP3', 'audio/mpeg'],
    ['a.wav.mp3', 'audio/mpeg'],
    ['a.wav16', 'audio/wav'],
  ])('is found as %s', async (name, mime) => {
    writeFileSync(join(day, name), 'sound');
    expect(await twice()).toMatchObject({ state: 'ready', path: join(day, name), mime, bytes: 5 });
  });

  it('is found in the directory itself, and by a name with dots that are no extension', async () => {
    writeFileSync(join(directory, 'mikopbx-1764.21.webm'), 'sound');
    const look = finder();
    const named = { ...pending, file: '/storage/astspool/monitor/2026/11/24/10/mikopbx-1764.21.wav' };
    await look(named);
    expect(await look(named)).toMatchObject({ recording: { path: join(directory, 'mikopbx-1764.21.webm') } });
  });

  it('is ready at once if it is a WAV file whose length fits its header', async () => {
    writeFileSync(join(day, 'a.wav'), wavOf(3));
    expect(await finder()()).toMatchObject({ recording: { state: 'ready', seconds: 3, mime: 'audio/wav' } });
  });

  it('is not ready while it grows', async () => {
    const look = finder();
    const whole = wavOf(3);
    writeFileSync(join(day, 'a.wav'), whole.subarray(0, 1000));
    expect(await look()).toEqual({ kind: 'growing' });
    writeFileSync(join(day, 'a.wav'), whole.subarray(0, 9000));
    expect(await look()).toEqual({ kind: 'growing' });
    writeFileSync(join(day, 'a.wav'), whole);
    expect(await look()).toMatchObject({ recording: { state: 'ready', bytes: whole.length } });
  });

  it('is not taken from its half-made conversion', async () => {
    const look = finder();
    writeFileSync(join(day, 'a.mp3'), 'so');
    expect(await look()).toEqual({ kind: 'growing' });
    writeFileSync(join(day, 'a.mp3'), 'sound');
    expect(await look()).toEqual({ kind: 'growing' });
    expect(await look()).toMatchObject({ recording: { bytes: 5 } });
  });

  it('is not followed through a symbolic link out of the directory', async () => {
    writeFileSync(join(place, 'shadow'), wavOf(1));
    symlinkSync(join(place, 'shadow'), join(day, 'a.wav'));
    expect(await finder()()).toEqual({ kind: 'absent' });
  });

  it('is not looked for outside of the directory', async () => {
    writeFileSync(join(place, 'secret.wav'), wavOf(1));
    expect(await finder()({ ...pending, file: '/monitor/../secret.wav' })).toEqual({ kind: 'absent' });
  });

  it('is found if the directory itself is a symbolic link', async () => {
    writeFileSync(join(day, 'a.wav'), wavOf(1));
    symlinkSync(directory, join(place, 'link'));
    directory = join(place, 'link');
    expect(await finder()()).toMatchObject({ recording: { state: 'ready' } });
  });

  it('is not missing while the directory can not be read', async () => {
    renameSync(directory, join(place, 'unmounted'));
    await expect(finder()()).rejects.toThrow("can't be read: is it mounted?");
  });

  it('is copied with its real type if the settings say so', async () => {
    writeFileSync(join(day, 'a.wav'), wavOf(2));
    const found = await finder(true)();
    expect(found).toMatchObject({ recording: { state: 'ready', path: null, mime: 'audio/wav', seconds: 2 } });
    const blob = found.kind === 'settled' ? found.recording.blob : null;
    if (blob == null) throw new Error('expected a copy');
    expect(await buffer(await blobs.open(blob))).toEqual(wavOf(2));
  });

  it('is missing, with the reason, if it is too large to be copied', async () => {
    writeFileSync(join(day, 'a.wav'), wavOf(200));
    const found = await finder(true)();
    const { state, problem } = found.kind === 'settled' ? found.recording : {};
    expect([state, problem == null ? null : reasonText(problem)]).toEqual([
      'missing',
      'the recording is larger than 1 MB',
    ]);
  });
});

describe('a voicemail', () => {
  const message = {
    ...pending,
    kind: 'voicemail',
    file: '/var/spool/asterisk/voicemail/default/101/INBOX/msg0000',
  } as const;
  const call = endedCall('1');
  const origtime = Math.round(call.startedAt / 1000) + 5;

  function put(folder: string, name: string, time: number, caller: string, seconds: number): void {
    const box = join(place, 'voicemail/default/101', folder);
    mkdirSync(box, { recursive: true });
    writeFileSync(join(box, `${name}.txt`), `[message]\ncallerid="Ivan" <${caller}>\norigtime=${time}\n`);
    writeFileSync(join(box, `${name}.wav`), wavOf(seconds));
  }

  it('is copied, because Asterisk gives its name to another message later', async () => {
    put('INBOX', 'msg0000', origtime, '+79161234567', 4);
    expect(await finder()(message, call)).toMatchObject({ recording: { path: null, state: 'ready', seconds: 4 } });
  });

  it('is found where its owner moved it, and never taken from another message of its name', async () => {
    put('INBOX', 'msg0000', origtime + 7200, '+79161234567', 9);
    expect(await finder()(message, call)).toEqual({ kind: 'absent' });
    put('Old', 'msg0003', origtime, '89161234567', 4);
    expect(await finder()(message, call)).toMatchObject({ recording: { seconds: 4 } });
  });

  it('of another caller is not this one', async () => {
    put('INBOX', 'msg0000', origtime, '+79990001122', 4);
    expect(await finder()(message, call)).toEqual({ kind: 'absent' });
  });
});
