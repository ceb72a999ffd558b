import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRecordings, withoutFiles } from '../../../src/connectors/asterisk/recordings.ts';
import type { CallRecording } from '../../../src/domain/interaction/contact-event.ts';
import { endedCall } from '../../support/calls.ts';

const pending: CallRecording = {
  ...{ file: 'a.wav', path: null, leg: 0, kind: 'call', state: 'pending', startedAt: 0, seconds: null },
  ...{ mime: null, bytes: null },
};

describe('recordings of a call', () => {
  let place: string;
  let directory: string;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'patchbay-recordings-'));
    directory = join(place, 'monitor');
    mkdirSync(directory);
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  async function look(last = false): Promise<CallRecording | undefined> {
    const call = endedCall('1', { recordings: [pending] });
    return (await findRecordings(call, directory, last)).recordings[0];
  }

  it('are found in subdirectories', async () => {
    writeFileSync(join(directory, 'a.wav'), 'sound');
    expect(await look()).toMatchObject({ state: 'ready', path: join(directory, 'a.wav'), mime: 'audio/wav', bytes: 5 });
  });

  it('are not followed through a symbolic link out of the directory', async () => {
    writeFileSync(join(place, 'shadow'), 'secrets');
    symlinkSync(join(place, 'shadow'), join(directory, 'a.wav'));
    expect(await look(true)).toMatchObject({ state: 'missing', path: null });
  });

  it('are found if the directory itself is a symbolic link', async () => {
    writeFileSync(join(directory, 'a.wav'), 'sound');
    symlinkSync(directory, join(place, 'link'));
    directory = join(place, 'link');
    expect(await look()).toMatchObject({ state: 'ready' });
  });

  it('are marked as missing if no directory is configured', () => {
    expect(withoutFiles(endedCall('1', { recordings: [pending] })).recordings[0]).toMatchObject({ state: 'missing' });
  });
});
