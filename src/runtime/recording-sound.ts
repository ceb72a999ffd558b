import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { soundType } from '../domain/call/sound-format.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { RecordingFile } from '../domain/ports/readers.ts';
import { currentSoundFile } from './sound-file.ts';

/** A recording that can be sent. */
export interface Sound {
  readonly bytes: number;
  readonly mime: string;
  /** Opens it, or a range of it with both ends inclusive. */
  open(range?: { readonly start: number; readonly end: number }): Promise<Readable>;
}

const unknownType = 'application/octet-stream';

/** The sound of a recording: our copy, else the file on this machine, even if it was converted since. Null if both are gone. */
export async function openSound({ path, blob, mime }: RecordingFile, blobs: Blobs): Promise<Sound | null> {
  const kept = blob === null ? null : await blobs.size(blob);
  if (blob !== null && kept !== null)
    return { bytes: kept, mime: mime ?? unknownType, open: (range) => blobs.open(blob, range) };
  const file = path === null ? null : await currentSoundFile(path);
  if (file === null) return null;
  const own = file.path === path ? mime : null;
  return {
    bytes: file.bytes,
    mime: own ?? soundType(file.path) ?? unknownType,
    open: async (range) => createReadStream(file.path, range ?? {}),
  };
}
