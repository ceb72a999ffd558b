import type { ContactEvent } from '../../domain/interaction/contact-event.ts';
import { BlobTooLargeError } from '../../domain/ports/blobs.ts';
import type { WrittenAttachment, WrittenContact } from '../../domain/written/written-contact.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { joinedLines } from '../../runtime/http/fields.ts';
import { asServiceError, type ServiceError } from '../../runtime/http/service-error.ts';
import type { ConnectorContext } from '../contract.ts';
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
}

/** Attempts to download a file before its message is stored without it. */
const maxAttempts = 5;
const remembered = 5000;

/**
 * Stores messages: first the text, so that it is shown immediately, then the files. Resolves when everything is stored; rejects if the
 * service should send it again. A repeated or outdated message changes nothing.
 */
export class Messages {
  readonly #context: ConnectorContext;
  readonly #http: HttpClient;
  readonly #taken = new Recent<{ readonly edited: number; readonly body: string }>(remembered);
  readonly #tries = new Recent<number>(remembered);

  constructor(context: ConnectorContext, http: HttpClient) {
    this.#context = context;
    this.#http = http;
  }

  /** Stores one message. */
  async take({ contact, files, edited }: Incoming): Promise<void> {
    const { key } = contact;
    const body = JSON.stringify([contact, files.map(({ name }) => name)]);
    const before = this.#taken.get(key);
    if (before !== undefined && (before.edited > edited || before.body === body)) return;
    await this.#context.emit(contact);
    if (files.length > 0) {
      const { kept, missing } = await this.#keep(key, files);
      await this.#context.emit({ ...contact, text: joinedLines(contact.text, ...missing), attachments: kept });
    }
    this.#tries.delete(key);
    this.#taken.set(key, { edited, body });
  }

  /** Stores a message, or an event about one. */
  takeAny(one: Incoming | ContactEvent): Promise<void> {
    return 'kind' in one ? this.#context.emit(one) : this.take(one);
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
