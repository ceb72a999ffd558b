import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Found, RecordingFinder } from '../../../src/connectors/asterisk/recordings/finder.ts';
import { fingerprintOf, parseHostKey } from '../../../src/connectors/asterisk/recordings/host-key.ts';
import { RecordingSearch } from '../../../src/connectors/asterisk/recordings/search.ts';
import { isMessageOf, messageFacts } from '../../../src/connectors/asterisk/recordings/voicemail-files.ts';
import type { TranscriptWatch } from '../../../src/connectors/asterisk/transcripts/watch.ts';
import type { CallRecording, CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import { reason } from '../../../src/domain/reasons/reasons.ts';
import { ServiceError } from '../../../src/runtime/http/service-error.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { callStart, endedCall } from '../../support/calls.ts';

const pending: CallRecording = {
  ...{ file: 'a.wav', path: null, leg: 0, kind: 'call', state: 'pending' },
  ...{ startedAt: 0, seconds: null, mime: null, bytes: null },
};
const call = endedCall('1', { recordings: [pending] });
const hours = 3_600_000;

describe('the search for a recording', () => {
  let stopping: AbortController;
  let reports: CallSnapshot[];
  beforeEach(() => {
    vi.useFakeTimers({ now: callStart });
    stopping = new AbortController();
    reports = [];
  });
  afterEach(() => {
    stopping.abort();
    vi.useRealTimers();
  });

  function search(look: () => Promise<Found>, transcripts: TranscriptWatch | null = null): RecordingSearch {
    return new RecordingSearch({
      transcripts,
      finder: { look } as unknown as RecordingFinder,
      now: () => Date.now(),
      log: silentLogger,
      signal: stopping.signal,
      report: async (one) => void reports.push(one),
    });
  }
  const states = () => reports.map(({ recordings: [one] }) => [one?.state, one?.problem?.code ?? null]);

  it('gives up a file that is not there within two minutes', async () => {
    search(async () => ({ kind: 'absent' })).begin(call);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(reports).toEqual([]);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(states()).toEqual([['missing', 'recordingNotFound']]);
  });

  it('waits an hour for a file that grows', async () => {
    search(async () => ({ kind: 'growing' })).begin(call);
    await vi.advanceTimersByTimeAsync(0.9 * hours);
    expect(reports).toEqual([]);
    await vi.advanceTimersByTimeAsync(hours);
    expect(states()).toEqual([['missing', 'recordingUnfinished']]);
  });

  it('waits a day for a lost server, and says once why', async () => {
    const lost = new ServiceError('unreachable', reason('sftpSilent', { place: 'pbx:22' }));
    search(() => Promise.reject(lost)).begin(call);
    await vi.advanceTimersByTimeAsync(23 * hours);
    expect(states()).toEqual([['pending', 'sftpSilent']]);
    await vi.advanceTimersByTimeAsync(2 * hours);
    expect(states()).toEqual([
      ['pending', 'sftpSilent'],
      ['missing', 'sftpSilent'],
    ]);
  });

  it('does not look again for what it has just found, and keeps what the call became meanwhile', async () => {
    const look = vi.fn(async () => ({ kind: 'settled', recording: { ...pending, state: 'ready' } }) as Found);
    const one = search(look);
    one.begin(call);
    await vi.advanceTimersByTimeAsync(1000);
    one.begin({ ...call, dialled: '74950000200' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(look).toHaveBeenCalledTimes(1);
    expect(reports.map(({ dialled, recordings: [found] }) => [dialled, found?.state])).toEqual([
      [call.dialled, 'ready'],
      ['74950000200', 'ready'],
    ]);
  });

  it('has the transcripts of calls awaited beside what was found, but not those of voicemail', async () => {
    const expected = vi.fn();
    const look = async () =>
      ({ kind: 'settled', recording: { ...pending, state: 'ready' }, place: '2026/a.mp3' }) as Found;
    const one = search(look, { expect: expected } as unknown as TranscriptWatch);
    one.begin(call);
    one.begin(endedCall('2', { recordings: [{ ...pending, kind: 'voicemail' }] }));
    await vi.advanceTimersByTimeAsync(1000);
    expect(expected.mock.calls).toEqual([[call.key, 'a.wav', '2026/a.mp3']]);
  });

  it('looks for at most four files at a time', async () => {
    let now = 0;
    let most = 0;
    const one = search(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 100));
      now -= 1;
      return { kind: 'settled', recording: { ...pending, state: 'ready' } };
    });
    for (let i = 0; i < 20; i += 1) one.begin(endedCall(`c${i}`, { recordings: [pending] }));
    await vi.advanceTimersByTimeAsync(5000);
    expect([most, reports.length]).toEqual([4, 20]);
  });
});

describe('host keys of SSH', () => {
  const key = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIBQ8BH8jdYTRD2X1bHVrxEUOBxGBZW1yLYCYQyzwgmv3', 'base64');

  it('are fingerprints, or lines of ssh-keyscan, known_hosts and public keys', () => {
    const encoded = key.toString('base64');
    for (const text of [fingerprintOf(key), `pbx ssh-ed25519 ${encoded}`, `ssh-ed25519 ${encoded} root@pbx`])
      expect([text, parseHostKey(text)?.matches(key)]).toEqual([text, true]);
    expect(parseHostKey(`ssh-ed25519 ${encoded}`)?.matches(Buffer.from('other'))).toBe(false);
    for (const text of ['', 'ssh-ed25519', 'pbx']) expect(parseHostKey(text)).toBeNull();
  });
});

describe('the text beside a voicemail', () => {
  it('tells the call that it was left in', () => {
    const origtime = callStart / 1000 + 3;
    const facts = messageFacts(
      `;\n[message]\norigmailbox=101\ncallerid="A <b>" <+7 916 123-45-67>\norigtime=${origtime}\n`,
    );
    expect(facts).toEqual({ origtime, caller: '79161234567' });
    const own = endedCall('1', { party: { raw: '89161234567', name: null, withheld: false } });
    expect(facts !== null && isMessageOf(facts, own)).toBe(true);
    expect(isMessageOf({ origtime: origtime + 86_400, caller: '79161234567' }, own)).toBe(false);
    expect(isMessageOf({ origtime, caller: '79990000000' }, own)).toBe(false);
    const withheld = endedCall('1', { party: { raw: '', name: null, withheld: true } });
    expect(isMessageOf({ origtime, caller: '' }, withheld)).toBe(true);
    expect(messageFacts('callerid=1')).toBeNull();
  });
});
