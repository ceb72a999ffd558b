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
  maxFields,
  maxNameLength,
  maxValueLength,
} from '../reading/fields.ts';

import { FormRefusal } from './refusal.ts';

/** Limit of a body without files, in bytes. */
export const maxTextBytes = 256 * 1024;
/** Bytes allowed for the other parts of a body with files. */
const overhead = 1024 * 1024;

/** Limit of a body in bytes. A body with a larger `Content-Length` is rejected before it is read. */
export function maxBodyBytes(contentType: string, { files }: FormSettings): number {
  return contentType.startsWith('multipart/') ? files.count * files.size + overhead : maxTextBytes;
}

/** A parsed body: its fields, and its files in a temporary directory. */
export interface FormBody {
  readonly fields: readonly FormField[];
  /** Stores the files as blobs. Called once the form has been accepted. */
  keep(blobs: Blobs): Promise<readonly WrittenAttachment[]>;
  /** Deletes the temporary files. */
  discard(): Promise<void>;
}

/** Reads a JSON, urlencoded or multipart body. If it throws {@link FormRefusal}, no temporary files remain. */
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
  // Aborts the parser if a file or the body is too long. Without it, an endless part would never stop.
  const stop = new AbortController();
  const tooLong = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener('abort', () => reject(tooLarge(settings)));
  });
  const discard = async () => {
    if (directory !== null) await rm(directory, { recursive: true, force: true });
  };
  try {
    const limits = {
      fieldNameSize: maxNameLength,
      fieldSize: maxValueLength * 4,
      fields: maxFields,
      fileSize: settings.files.size,
      files: settings.files.count,
      parts: maxFields + settings.files.count,
      headerPairs: 20,
    };
    let left = maxBodyBytes('multipart/form-data', settings);
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
        // An empty file field is sent as a part without a name or content.
        if (part.filename === '' || part.filename === undefined) continue;
        files.push({ path, name: cleanText(baseName(part.filename), 255) || 'file', mime: mimeOf(part.mimetype) });
      }
    };
    const reading = read();
    // If the parser is stopped between two steps, it may still create the directory afterwards.
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

/** The form is valid, but could not be stored. */
export function notStored(): FormRefusal {
  return new FormRefusal('unavailable', 'unavailable', 'the form could not be stored; send it again');
}

/** Converts an error of the multipart parser: too many parts, or an invalid body. */
function unreadable(error: unknown): FormRefusal {
  if (isDiskTrouble(error)) return notStored();
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 400;
  return status === 413
    ? new FormRefusal('too_large', 'too-large', 'too many fields or files')
    : new FormRefusal('unreadable', 'bad-request', 'the body is not a valid multipart form');
}

/** Old browsers send the whole path. */
function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function mimeOf(type: string | undefined): string {
  return type !== undefined && /^[\w.+-]+\/[\w.+-]{1,100}$/.test(type)
    ? type.toLowerCase()
    : 'application/octet-stream';
}

/** Names and values in order. It is a class to distinguish it from a JSON body that is a list. */
export class FormPairs {
  readonly pairs: readonly (readonly [string, string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.pairs = pairs;
  }
}
