import type { Readable } from 'node:stream';

/** A file as a source sees it at one moment. */
export interface SeenFile {
  /** Where it is in the source. */
  readonly place: string;
  /** Null if the server does not tell. */
  readonly bytes: number | null;
  /** Anything that differs once the file was changed; null if the server does not tell. */
  readonly changed: string | null;
  /** The path of a file on this machine; null if it has to be fetched. */
  readonly path: string | null;
}

/** Where the recordings of a PBX are read from: a mounted directory, an HTTP server, or SFTP. Only files below its root exist. */
export interface SoundSource {
  /** Places where the file may be that the PBX calls `file`, also after a conversion, the likeliest first. */
  places(file: string): readonly string[];
  /** Null if there is no file. Rejects with a `ServiceError` if the source can't be asked. */
  look(place: string, signal: AbortSignal): Promise<SeenFile | null>;
  /** Opens the file, or its first bytes up to `end` (inclusive). */
  open(place: string, signal: AbortSignal, end?: number): Promise<Readable>;
  /** Whether single bytes can be read cheaply. */
  readonly readsParts: boolean;
  /** The names in a directory. Null if the source has no listings. */
  list(directory: string, signal: AbortSignal): Promise<readonly string[] | null>;
  close(): Promise<void>;
}
