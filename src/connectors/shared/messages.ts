import { Readable } from 'node:stream';
import type { ContactEvent } from '../../domain/interaction/contact-event.ts';
import { BlobTooLargeError } from '../../domain/ports/blobs.ts';
import type { WrittenAttachment, WrittenContact } from '../../domain/written/written-contact.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { joinedLines } from '../../runtime/http/fields.ts';
import { asServiceError, type ServiceError } from '../../runtime/http/service-error.ts';
import type { ConnectorContext, UnreadMessage } from '../contract.ts';
import { Recent } from './recent.ts';

/** A file to be downloaded from the service. */
export interface RemoteFile {
  readonly name: string;
  readonly mime: string;
  /** Returns its URL, which some services have to be asked for. Rejects with a ServiceError. */
  locate(signal: AbortSignal): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }>;
}

/** A message from a service. */
export interface Incoming {
  readonly contact: WrittenContact;
  readonly files: readonly RemoteFile[];
  /** Time of the last edit by the service's clock; 0 if never edited. */
  readonly edited: number;
  /** Parts of the message that the connector does not know. The message as the service sent it, `raw`, is kept. Null if there are none. */
  readonly unknown: { readonly names: readonly string[]; readonly raw: unknown } | null;
}

/** Something that is only counted: an event of the service in which nobody said anything, or a blank message. */
export interface Unshown extends UnreadMessage {
  readonly kind: 'unshown';
}

/** An event of the service in which nobody said anything. */
export function serviceEvent(type: string): Unshown {
  return { kind: 'unshown', what: 'service', type };
}

/** Attempts to download a file before its message is stored without it. */
const maxAttempts = 5;
const remembered = 5000;
/** Maximum bytes of a message that is kept as the service sent it. */
const maxRawBytes = 256 * 1024;

/**
 * Stores messages: first the text, so that it is shown immediately, then the files. Resolves when everything is stored; rejects if the
 * service should send it again. A repeated or outdated message changes nothing.
 */
export class Messages {
  readonly #context: ConnectorContext;
  readonly #http: HttpClient;
  readonly #taken = new Recent<{ readonly edited: number; readonly body: string; readonly text: string | null }>(
    remembered,
  );
  readonly #tries = new Recent<number>(remembered);

  constructor(context: ConnectorContext, http: HttpClient) {
    this.#context = context;
    this.#http = http;
  }

  /** Stores one message. `onText` is called when its text is stored, before its files are downloaded. */
  async take({ contact: given, files, edited, unknown }: Incoming, onText?: () => void): Promise<void> {
    const { key } = given;
    if (files.length === 0 && (given.text ?? '').trim() === '')
      return this.#context.countUnread({ what: 'empty', type: 'message' });
    const body = JSON.stringify([given, files.map(({ name }) => name)]);
    const before = this.#taken.get(key);
    if (before !== undefined && (before.edited > edited || before.body === body)) return;
    const names = files.map(({ name }) => `[${name}]`);
    const contact: WrittenContact = {
      ...given,
      ...(given.text === null && files.length > 0 && { placeholder: names.join('\n') }),
      ...(given.part !== undefined && { part: { textBefore: before?.text ?? null } }),
      ...(edited > 0 && { editedAt: edited }),
    };
    await this.#context.emit(contact);
    onText?.();
    let { text } = contact;
    if (files.length > 0 || unknown !== null) {
      const { kept, missing } = await this.#keep(key, files);
      const raw = unknown === null ? [] : [await this.#keepRaw(unknown.raw)];
      const part = given.part === undefined ? {} : { part: { textBefore: text } };
      text = joinedLines(text, ...missing);
      await this.#context.emit({ ...contact, ...part, text, attachments: [...kept, ...raw] });
    }
    for (const type of unknown?.names ?? []) this.#context.countUnread({ what: 'unknown', type });
    this.#tries.delete(key);
    this.#taken.set(key, { edited, body, text });
  }

  /** Stores a message or an event about one, or counts what is not shown. */
  async takeAny(one: Incoming | Unshown | ContactEvent, onText?: () => void): Promise<void> {
    if (!('kind' in one)) return this.take(one, onText);
    if (one.kind === 'unshown') return this.#context.countUnread(one);
    await this.#context.emit(one);
  }

  /** Keeps a message as the service sent it, so that a human can read what the connector can't. */
  async #keepRaw(raw: unknown): Promise<WrittenAttachment> {
    const content = Buffer.from(JSON.stringify(raw, null, 2)).subarray(0, maxRawBytes);
    const { id, bytes } = await this.#context.blobs.put(Readable.from([content]), maxRawBytes);
    return { blob: id, name: 'message.json', mime: 'application/json', bytes };
  }

  async #keep(key: string, files: readonly RemoteFile[]) {
    const kept: WrittenAttachment[] = [];
    const missing: string[] = [];
    for (const file of files) {
      try {
        kept.push(await this.#keepOne(file));
      } catch (error) {
        missing.push(`[${file.name}${this.#missingMark(key, error)}]`);
      }
    }
    return { kept, missing };
  }

  async #keepOne({ name, mime, locate }: RemoteFile): Promise<WrittenAttachment> {
    const { blobs, signal } = this.#context;
    const { url, headers } = await locate(signal);
    const { id, bytes } = await blobs.put(await this.#http.open(url, headers, signal), this.#http.largestFile);
    return { blob: id, name, mime, bytes };
  }

  /**
   * The mark after the name of a file that is missing for good. It becomes part of the message's text, so it consists of symbols that
   * need no translation; the log has the reason. Throws if the download should be retried later.
   */
  #missingMark(key: string, error: unknown): string {
    if (error instanceof BlobTooLargeError) return `: > ${Math.round(error.limit / 1024 / 1024)} MB`;
    const trouble = asServiceError(error);
    if (trouble.trouble === 'refused') return this.#logMissing(trouble);
    const tries = (this.#tries.get(key) ?? 0) + 1;
    this.#tries.set(key, tries);
    if (tries < maxAttempts) throw error;
    return this.#logMissing(trouble);
  }

  #logMissing(trouble: ServiceError): string {
    this.#context.log.warn({ err: trouble }, 'cannot download a file, its message is stored without it');
    return ': ✕';
  }
}
