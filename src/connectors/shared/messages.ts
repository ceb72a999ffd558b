import type { ContactEvent } from '../../domain/interaction/contact-event.ts';
import { BlobTooLargeError } from '../../domain/ports/blobs.ts';
import type { WrittenAttachment, WrittenContact } from '../../domain/written/written-contact.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { joinedLines } from '../../runtime/http/fields.ts';
import { asServiceError } from '../../runtime/http/service-error.ts';
import type { ConnectorContext } from '../contract.ts';
import { Recent } from './recent.ts';

/** A file that lies with the service yet. */
export interface RemoteFile {
  readonly name: string;
  readonly mime: string;
  /** Where it is; some services have to be asked. Rejects with a ServiceError. */
  locate(signal: AbortSignal): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }>;
}

/** A message as a service brought it. */
export interface Incoming {
  readonly contact: WrittenContact;
  readonly files: readonly RemoteFile[];
  /** When it was edited, by the service's clock; 0 for never. */
  readonly edited: number;
}

/** How often a file is asked for before the message goes on without it. */
const mostTries = 5;
const remembered = 5000;

/**
 * Takes messages in: first the words, so that they are seen at once, then the files. Resolves when all is safe; rejects where
 * the service should bring it again. What is brought again, or was overtaken by its own edit, changes nothing.
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

  /** Takes one message in. */
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

  /** Takes in a message or whatever else a service tells of one. */
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
        missing.push(`[${file.name}: ${this.#givenUp(key, error)}]`);
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

  /** Why a file is done without; throws where the service should be asked again later. */
  #givenUp(key: string, error: unknown): string {
    if (error instanceof BlobTooLargeError) return `larger than ${error.limit} bytes`;
    const trouble = asServiceError(error);
    if (trouble.trouble === 'refused') return trouble.message;
    const tries = (this.#tries.get(key) ?? 0) + 1;
    this.#tries.set(key, tries);
    if (tries < mostTries) throw error;
    this.#context.log.warn({ err: trouble, tries }, 'a file was not fetched; its message goes on without it');
    return trouble.message;
  }
}
