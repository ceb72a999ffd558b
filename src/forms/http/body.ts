import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { FormSettings } from '../../domain/written/form-settings.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import { isDiskTrouble } from '../../runtime/fault.ts';
import {
  type FormField,
  FormTooLargeError,
  fieldsOfJson,
  fieldsOfPairs,
  longestName,
  longestValue,
  mostFields,
} from '../reading/fields.ts';

import { FormRefusal } from './refusal.ts';

/** Bytes of a body without files. */
export const largestText = 256 * 1024;
/** What a body with files may hold beside them. */
const overhead = 1024 * 1024;

/** Bytes of a body at the most: what is announced as larger is refused before it is read. */
export function largestBody(contentType: string, { files }: FormSettings): number {
  return contentType.startsWith('multipart/') ? files.count * files.size + overhead : largestText;
}

/** What a form brought: its fields, and its files waiting in a temporary directory. */
export interface FormBody {
  readonly fields: readonly FormField[];
  /** Puts the files into blob storage: only once the form is found good. */
  keep(blobs: Blobs): Promise<readonly WrittenAttachment[]>;
  /** Takes the temporary files away. */
  discard(): Promise<void>;
}

/** Reads a body of any of the three kinds. Throws {@link FormRefusal}; nothing is left behind then. */
export async function readBody(request: FastifyRequest, settings: FormSettings): Promise<FormBody> {
  try {
    if (request.isMultipart()) return await readMultipart(request, settings);
    const { body } = request;
    const fields = body instanceof FormPairs ? fieldsOfPairs(body.pairs) : fieldsOfJson(body);
    if (fields === null) throw new FormRefusal('unreadable', 'bad-request', 'expected an object of fields');
    return { fields, keep: async () => [], discard: async () => undefined };
  } catch (error) {
    if (error instanceof FormTooLargeError) throw new FormRefusal('too_large', 'too-large', error.message);
    throw error;
  }
}

interface TemporaryFile {
  readonly path: string;
  readonly name: string;
  readonly mime: string;
}

async function readMultipart(request: FastifyRequest, settings: FormSettings): Promise<FormBody> {
  const pairs: [string, string][] = [];
  const files: TemporaryFile[] = [];
  let directory: string | null = null;
  // What ends the reading where the body doesn't: a file, or all of it, is too long. An endless part never ends by itself.
  const stop = new AbortController();
  const tooLong = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener('abort', () => reject(tooLarge(settings)));
  });
  const discard = async () => {
    if (directory !== null) await rm(directory, { recursive: true, force: true });
  };
  try {
    const limits = {
      fieldNameSize: longestName,
      fieldSize: longestValue * 4,
      fields: mostFields,
      fileSize: settings.files.size,
      files: settings.files.count,
      parts: mostFields + settings.files.count,
      headerPairs: 20,
    };
    let left = largestBody('multipart/form-data', settings);
    request.raw.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) stop.abort();
    });
    const read = async () => {
      for await (const part of request.parts({ limits })) {
        if (part.type === 'field') {
          pairs.push([part.fieldname, String(part.value ?? '')]);
          continue;
        }
        directory ??= await mkdtemp(join(tmpdir(), 'patchbay-form-'));
        const path = join(directory, String(files.length));
        part.file.once('limit', () => stop.abort());
        await pipeline(part.file, createWriteStream(path, { mode: 0o600 }), { signal: stop.signal });
        // A file field that was left empty comes as a part without a name and content.
        if (part.filename === '' || part.filename === undefined) continue;
        files.push({ path, name: cleanText(baseName(part.filename), 255) || 'file', mime: mimeOf(part.mimetype) });
      }
    };
    const reading = read();
    // Where it is stopped between two steps, the directory may appear afterwards.
    reading.catch(discard);
    await Promise.race([reading, tooLong]);
    return { fields: fieldsOfPairs(pairs), keep: (blobs) => keep(files, blobs, settings.files.size), discard };
  } catch (error) {
    await discard();
    throw error instanceof FormRefusal || error instanceof FormTooLargeError ? error : unreadable(error);
  }
}

async function keep(files: readonly TemporaryFile[], blobs: Blobs, limit: number) {
  const kept: WrittenAttachment[] = [];
  for (const { path, name, mime } of files) {
    const { id, bytes } = await blobs.put(createReadStream(path), limit);
    kept.push({ blob: id, name, mime, bytes });
  }
  return kept;
}

function tooLarge({ files }: FormSettings): FormRefusal {
  return new FormRefusal('too_large', 'too-large', `expected files of at most ${files.size} bytes each`);
}

/** Nothing is wrong with the form; there is no room for it here. */
export function notKept(): FormRefusal {
  return new FormRefusal('unavailable', 'unavailable', 'it could not be kept; send it again');
}

/** What the parser of multipart says: too many parts, or not what was announced. */
function unreadable(error: unknown): FormRefusal {
  if (isDiskTrouble(error)) return notKept();
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 400;
  return status === 413
    ? new FormRefusal('too_large', 'too-large', 'more fields or files than the form may have')
    : new FormRefusal('unreadable', 'bad-request', 'the body is not the multipart form it claims to be');
}

/** Old browsers tell the whole path. */
function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function mimeOf(type: string | undefined): string {
  return type !== undefined && /^[\w.+-]+\/[\w.+-]{1,100}$/.test(type)
    ? type.toLowerCase()
    : 'application/octet-stream';
}

/** Names with their values, in the order they came; a class, since a JSON body may be a list too. */
export class FormPairs {
  readonly pairs: readonly (readonly [string, string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.pairs = pairs;
  }
}
