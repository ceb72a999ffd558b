import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Formats that recordings can be converted to. */
export type SoundFormat = 'opus' | 'mp3';

/** The media type of each format. */
export const formatTypes: Readonly<Record<SoundFormat, string>> = { opus: 'audio/ogg', mp3: 'audio/mpeg' };

/** Arguments that suit speech. */
const codecs: Readonly<Record<SoundFormat, readonly string[]>> = {
  opus: ['-c:a', 'libopus', '-b:a', '24k', '-application', 'voip', '-f', 'ogg'],
  // The length table of MP3 would need a file to seek in.
  mp3: ['-c:a', 'libmp3lame', '-q:a', '6', '-write_xing', '0', '-f', 'mp3'],
};
/** The same sound gives the same bytes, so a repeated copy is the same blob. */
const exact = ['-fflags', '+bitexact', '-flags:a', '+bitexact'];
/** Raw formats, which ffmpeg can't recognize. */
const rawInputs: Readonly<Record<string, readonly string[]>> = {
  'audio/gsm': ['-f', 'gsm'],
  'audio/basic': ['-f', 'mulaw', '-ar', '8000'],
  'audio/x-alaw-basic': ['-f', 'alaw', '-ar', '8000'],
};

/** Milliseconds for one conversion. A recording of ten hours takes about two minutes. */
const limitMs = 10 * 60_000;
const maxErrorBytes = 2000;

/** Thrown if ffmpeg is missing or can't convert a recording. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  /** Whether the program is not installed. */
  readonly missing: boolean;

  constructor(message: string, missing: boolean) {
    super(message);
    this.missing = missing;
  }
}

/**
 * Converts a sound of the media type `from`. The result ends with a {@link FfmpegError} if that fails. ffmpeg sees only its own
 * input: a playlist in disguise can't make it open files or addresses.
 */
export async function* convert(
  source: Readable,
  from: string | null,
  to: SoundFormat,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const input = rawInputs[from ?? ''] ?? [];
  const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'pipe'];
  const args = [
    ...quiet,
    ...input,
    '-i',
    'pipe:0',
    '-map',
    '0:a:0',
    '-map_metadata',
    '-1',
    ...exact,
    ...codecs[to],
    'pipe:1',
  ];
  const child = spawn('ffmpeg', args, { signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]) });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(0, maxErrorBytes);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new FfmpegError(`ffmpeg could not be run: ${error.message}`, error.code === 'ENOENT')),
    );
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new FfmpegError(`ffmpeg ended with ${code}: ${errors.trim()}`, false));
    });
  });
  // Handled below, but an early end of the reader must not make it an unhandled rejection.
  ended.catch(() => undefined);
  child.once('spawn', () => lowerPriority(child.pid));
  const fed = pipeline(source, child.stdin).then(
    () => null,
    (error: unknown) => error as Error & { code?: string },
  );
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array;
    await ended;
    const broken = await fed;
    // ffmpeg may close its input early. Any other error means that the source broke off, and the result lacks the rest.
    if (broken !== null && broken.code !== 'EPIPE' && broken.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw broken;
  } finally {
    child.kill('SIGKILL');
  }
}

/** Answering callers matters more than converting recordings. */
function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, 10);
  } catch {
    // It has already ended.
  }
}

/** The version of the installed ffmpeg; null if there is none. */
export function ffmpegVersion(): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const child = spawn('ffmpeg', ['-version'], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 });
    child.once('error', () => resolve(null));
    child.stdout.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(0, 200);
    });
    child.once('close', () => resolve(/^ffmpeg version (\S{1,100})/.exec(text)?.[1] ?? null));
  });
}
