import { useEffect, useRef, useState } from 'preact/hooks';
import { oggOf } from './ogg.ts';
import { opusOfWebm } from './webm.ts';

/** A recording ends by itself after this many milliseconds. */
const longest = 10 * 60_000;
/** What browsers record, the best first: Firefox writes Ogg, Chromium WebM with the same Opus, Safari MPEG-4. */
const kinds = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'] as const;

/** Whether this browser can record, and may: pages over plain HTTP may not, but for this machine's own. */
export function canRecord(): boolean {
  return kindOfRecording() !== null && navigator.mediaDevices !== undefined;
}

function kindOfRecording(): string | null {
  if (typeof MediaRecorder === 'undefined') return null;
  return kinds.find((kind) => MediaRecorder.isTypeSupported(kind)) ?? null;
}

/** A voice note that is being recorded. */
export interface Recorder {
  /** When it began, in milliseconds since the epoch; null while nothing is recorded. */
  readonly since: number | null;
  /** Asks for the microphone and begins. Rejects if the user or the system refuses. */
  start(): Promise<void>;
  /** Ends the recording and hands it over. */
  finish(): void;
  /** Throws the recording away. */
  discard(): void;
}

/** Records voice notes; `onRecorded` gets each as a file that messengers play. */
export function useRecorder(onRecorded: (file: File) => void): Recorder {
  const running = useRef<MediaRecorder | null>(null);
  const [since, setSince] = useState<number | null>(null);
  const recorded = useRef(onRecorded);
  recorded.current = onRecorded;
  const end = (isKept: boolean) => {
    const recorder = running.current;
    running.current = null;
    setSince(null);
    if (recorder === null) return;
    if (!isKept) recorder.onstop = null;
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of recorder.stream.getTracks()) track.stop();
  };
  useEffect(() => () => end(false), []);
  return {
    since,
    async start() {
      const mimeType = kindOfRecording();
      if (running.current !== null || mimeType === null) return;
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(stream, { mimeType });
      const pieces: Blob[] = [];
      recorder.ondataavailable = ({ data }) => pieces.push(data);
      recorder.onstop = async () => recorded.current(await voiceNote(new Blob(pieces), mimeType));
      running.current = recorder;
      recorder.start();
      setSince(Date.now());
      setTimeout(() => running.current === recorder && end(true), longest);
    },
    finish: () => end(true),
    discard: () => end(false),
  };
}

/** The recording as messengers take it. WebM becomes Ogg with the same packets, which costs no quality. */
async function voiceNote(recording: Blob, mimeType: string): Promise<File> {
  const bytes = new Uint8Array(await recording.arrayBuffer());
  const track = mimeType.startsWith('audio/webm') ? opusOfWebm(bytes) : null;
  const [type = ''] = track === null ? mimeType.split(';') : ['audio/ogg'];
  const name = `voice.${type === 'audio/ogg' ? 'ogg' : type === 'audio/mp4' ? 'm4a' : 'webm'}`;
  return new File([track === null ? bytes : oggOf(track)], name, { type });
}
