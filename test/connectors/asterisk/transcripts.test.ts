import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SeenFile } from '../../../src/connectors/asterisk/recordings/source.ts';
import { readTranscript, type TranscriptFile } from '../../../src/connectors/asterisk/transcripts/read.ts';
import { TranscriptWatch } from '../../../src/connectors/asterisk/transcripts/watch.ts';
import { eventKey } from '../../../src/domain/base/ids.ts';
import type { Transcript } from '../../../src/domain/call/transcript.ts';
import { callStart } from '../../support/calls.ts';
import { connectorContext } from '../../support/connector-context.ts';

function read(kind: TranscriptFile['kind'], text: string): string {
  const reading = readTranscript.run({ kind, text });
  if (reading instanceof Promise) throw new Error('expected an answer at once');
  return reading.ok ? shown(reading.transcript) : reading.why;
}
const shown = ({ phrases }: Transcript) =>
  phrases.map(({ side, from, to, text }) => `${side ?? '?'} ${from}-${to} ${text}`).join(' | ');

describe('a transcript in a file', () => {
  it('is read from WebVTT, with speakers in voice tags', () => {
    const text =
      '\ufeffWEBVTT - by hand\n\nNOTE 1 < 2\n\n1\n00:00.000 --> 00:02.500 align:start\n<v Manager>Good <b>day</b>,\nhow are you?</v>\n\n' +
      '01:00:03.000 --> 01:00:04.000\n<v.loud Client>A &lt;quote&gt;\n<v Robot>2 < 3 & more\n';
    expect(read('vtt', text)).toBe(
      'manager 0-2.5 Good day, how are you? | client 3603-3604 A <quote> | ? 3603-3604 2 < 3 & more',
    );
  });

  it('is read from SubRip', () => {
    const text =
      '1\r\n00:00:01,200 --> 00:00:02,000\r\nДобрый\r\nдень\r\n\r\n2\r\n00:00:02,000 --> 00:00:01,000\r\nДа\r\n';
    expect(read('srt', text)).toBe('? 1.2-2 Добрый день | ? 2-2 Да');
  });

  it('is read from JSON of our own, of Whisper and of whisper.cpp', () => {
    const own = { language: 'ru', phrases: [{ side: 'client', from: 1, to: 2, text: 'Да' }] };
    const whisper = {
      language: 'ru',
      segments: [{ id: 0, start: 0, end: 1.504, text: ' Да ', speaker: 'SPEAKER_00' }],
    };
    const cpp = { result: { language: 'ru' }, transcription: [{ offsets: { from: 0, to: 1500 }, text: ' Да' }] };
    const found = [own, whisper, cpp].map((one) => readTranscript.run({ kind: 'json', text: JSON.stringify(one) }));
    expect(found.map((one) => 'ok' in one && one.ok && [one.transcript.language, shown(one.transcript)])).toEqual([
      ['ru', 'client 1-2 Да'],
      ['ru', '? 0-1.5 Да'],
      ['ru', '? 0-1.5 Да'],
    ]);
  });

  it('that is none, or too long, is refused', () => {
    for (const [kind, text] of [
      ['json', '{"user": 1}'],
      ['json', 'no'],
      ['vtt', 'WEBVTT\n\n'],
      ['srt', ''],
    ] as const)
      expect(read(kind, text)).toBe('expected at least one phrase with a text');
    expect(read('json', '{"phrases":[{"text":"a"}]}')).toBe('expected each phrase to have its times in seconds');
    const block = '00:01.000 --> 00:02.000\na\n\n';
    expect(read('vtt', block.repeat(5001))).toBe('expected at most 5000 phrases, got 5001');
  });
});

describe('the watch for transcripts', () => {
  const key = eventKey('pbx', '1');
  const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n';
  let stopping: AbortController;
  let files: Map<string, string>;
  let looks: string[];
  let context: ReturnType<typeof connectorContext>;
  beforeEach(() => {
    vi.useFakeTimers({ now: callStart });
    stopping = new AbortController();
    files = new Map();
    looks = [];
    context = connectorContext('pbx');
  });
  afterEach(() => {
    stopping.abort();
    vi.useRealTimers();
  });

  const source = {
    look: async (place: string): Promise<SeenFile | null> => {
      looks.push(place);
      const text = files.get(place);
      return text === undefined ? null : { place, bytes: text.length, changed: text, path: null };
    },
    open: async (place: string) => Readable.from([Buffer.from(files.get(place) ?? '')]),
  };
  function watch(signal = stopping.signal): TranscriptWatch {
    const one = new TranscriptWatch({ source, context, signal });
    one.start();
    return one;
  }
  const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000);
  const taken = () => context.events.map((event) => (event.kind === 'transcript' ? shown(event.transcript) : ''));

  it('takes a file that appears beside the recording, once it has stopped growing', async () => {
    watch().expect(key, '/monitor/a.wav', '2026/a.wav');
    await minutes(5);
    expect(taken()).toEqual([]);
    for (const text of ['WEBVTT\n\n00:01.000 --> 00:02.000\nHel', vtt]) {
      files.set('2026/a.vtt', text);
      looks = [];
      while (!looks.includes('2026/a.vtt')) await vi.advanceTimersByTimeAsync(1000);
      expect(taken()).toEqual([]);
    }
    await vi.advanceTimersByTimeAsync(15_000);
    expect(context.events).toMatchObject([{ kind: 'transcript', key, connection: 'pbx', file: '/monitor/a.wav' }]);
    expect(taken()).toEqual(['? 1-2 Hello']);
    await minutes(60);
    expect(context.events).toHaveLength(1);
  });

  it('passes over a file that is no transcript', async () => {
    watch().expect(key, 'a.wav', 'a.wav');
    files.set('a.json', '{"call": 1}');
    files.set('a.wav.srt', '1\n00:00:01,000 --> 00:00:02,000\nHello\n');
    await minutes(5);
    expect(taken()).toEqual(['? 1-2 Hello']);
  });

  it('looks for a day, less and less often, and then no more', async () => {
    watch().expect(key, 'a.wav', 'a.wav');
    await minutes(25 * 60);
    const before = looks.length;
    expect(before).toBeLessThan(40 * 6);
    await minutes(25 * 60);
    expect(looks).toHaveLength(before);
    expect(JSON.parse(context.cursors.get('transcripts') ?? '')).toEqual([]);
  });

  it('goes on after a restart, and after trouble of the store', async () => {
    const first = new AbortController();
    const one = watch(first.signal);
    one.expect(key, 'a.wav', 'a.wav');
    await minutes(1);
    first.abort();
    await one.settled();
    files.set('a.vtt', vtt);
    let troubles = 0;
    const { cursors } = context;
    context = connectorContext('pbx', {
      cursor: { get: async (name) => cursors.get(name) ?? null, set: async () => undefined },
      emit: async (event) => {
        troubles += 1;
        if (troubles === 1) throw new Error('the store is away');
        context.events.push(event);
      },
    });
    watch();
    await minutes(10);
    expect([troubles, taken()]).toEqual([2, ['? 1-2 Hello']]);
  });
});
