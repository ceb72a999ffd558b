import { open, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import type { CallRecording, CallSnapshot } from '../../domain/interaction/contact-event.ts';

const mimes: Readonly<Record<string, string>> = {
  '.wav': 'audio/wav',
  '.wav49': 'audio/x-wav',
  '.gsm': 'audio/gsm',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.ulaw': 'audio/basic',
};

/** The part of a path on the PBX after which the path within the monitor directory begins. */
const monitor = `${sep}monitor${sep}`;

/** Looks for the audio files of an ended call. If `last`, files that are not found are marked as `missing`. */
export async function findRecordings(call: CallSnapshot, directory: string, last: boolean): Promise<CallSnapshot> {
  const recordings = await Promise.all(call.recordings.map((recording) => find(recording, directory, last)));
  return { ...call, recordings };
}

/** Marks all pending recordings as missing, for a connection without a configured directory. */
export function withoutFiles(call: CallSnapshot): CallSnapshot {
  const recordings = call.recordings.map((one) =>
    one.state === 'pending' ? { ...one, state: 'missing' as const } : one,
  );
  return { ...call, recordings };
}

async function find(recording: CallRecording, directory: string, last: boolean): Promise<CallRecording> {
  if (recording.state === 'ready') return recording;
  for (const path of placesOf(recording.file, directory)) {
    const found = await stat(path).catch(() => null);
    // Resolve links first: a link in the directory may point anywhere on this machine.
    if (found?.isFile() && found.size > 0 && isBelow(await realpath(directory), await realpath(path))) {
      const seconds = await wavSeconds(path, found.size);
      return {
        ...recording,
        state: 'ready',
        path,
        bytes: found.size,
        seconds,
        mime: mimes[extname(path).toLowerCase()] ?? 'application/octet-stream',
      };
    }
  }
  return last ? { ...recording, state: 'missing' } : recording;
}

/** Possible local paths of the PBX's file: the same path below `monitor/`, or just the name. Never outside of the directory. */
function placesOf(file: string, directory: string): readonly string[] {
  const root = resolve(directory);
  const below = file.includes(monitor) ? file.slice(file.indexOf(monitor) + monitor.length) : file.replace(/^\/+/, '');
  const places = [resolve(file), join(root, below), join(root, basename(file))];
  return [...new Set(places)].filter((path) => isBelow(root, path));
}

function isBelow(root: string, path: string): boolean {
  const below = relative(root, path);
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !below.startsWith(sep);
}

/** Duration of a PCM WAV file by the byte rate in its header; null for other formats. */
async function wavSeconds(path: string, bytes: number): Promise<number | null> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const header = Buffer.alloc(44);
    const { bytesRead } = await file.read(header, 0, 44, 0);
    if (bytesRead < 44 || header.toString('latin1', 0, 4) !== 'RIFF') return null;
    const rate = header.readUInt32LE(28);
    return rate === 0 ? null : Math.round((bytes - 44) / rate);
  } finally {
    await file.close();
  }
}
