import { lstat, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { convertedNames } from '../domain/call/sound-format.ts';

/** A sound file on this machine. */
export interface SoundFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The file at a path, or what a script has made of it since it was found: a nightly conversion replaces `a.wav` by `a.mp3`.
 * Null if there is neither. Converted files must not be links, because a link may point anywhere on this machine.
 */
export async function currentSoundFile(path: string): Promise<SoundFile | null> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return { path, bytes: found.size };
  const [, ...others] = convertedNames(basename(path));
  for (const name of others) {
    const other = join(dirname(path), name);
    const replaced = await lstat(other).catch(() => null);
    if (replaced?.isFile() && replaced.size > 0) return { path: other, bytes: replaced.size };
  }
  return null;
}
