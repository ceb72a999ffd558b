import type { ContactEvent } from '../../domain/interaction/contact-event.ts';
import { BlobTooLargeError } from '../../domain/ports/blobs.ts';
import type { WrittenAttachment, WrittenContact } from '../../domain/written/written-contact.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { joinedLines } from '../../runtime/http/fields.ts';
import { asServiceError, type ServiceError } from '../../runtime/http/service-error.ts';
import type { ConnectorContext } from '../contract.ts';
import { Recent } from './recent.ts';

/** A file that is still with the service. */
export interface RemoteFile {
  readonly name: string;
  readonly mime: string;
  /** Where to download it; some services have to be asked. Rejects with a ServiceError. */
  locate(signal: AbortSignal): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }>;
}

/** A message from a service. */
export interface Incoming {
  readonly contact: WrittenContact;
  readonly files: readonly RemoteFile[];
  /** When it was last edited, by the service's clock; 0 for never. */
  readonly edited: number;
}

/** Attempts to fetch a file before its message is taken in without it. */
const maxAttempts = 5;
const remembered = 5000;

/**
 * Takes messages in: first the text, so that it shows at once, then the files. Resolves when all is safe; rejects where the service
 * should send it again. A message that comes again, or after its own edit, changes nothing.
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

  /** Takes in a message, or an event about one. */
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
        missing.push(`[${file.name}${this.#givenUp(key, error)}]`);
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
   * The mark behind the name of a file that is given up. It becomes a part of the message's text, so it is in signs that need no
   * translation; the log has the reason. Throws where the service should be asked again later.
   */
  #givenUp(key: string, error: unknown): string {
    if (error instanceof BlobTooLargeError) return `: > ${Math.round(error.limit / 1024 / 1024)} MB`;
    const trouble = asServiceError(error);
    if (trouble.trouble === 'refused') return this.#without(trouble);
    const tries = (this.#tries.get(key) ?? 0) + 1;
    this.#tries.set(key, tries);
    if (tries < maxAttempts) throw error;
    return this.#without(trouble);
  }

  #without(trouble: ServiceError): string {
    this.#context.log.warn({ err: trouble }, 'a file was not fetched; its message is taken in without it');
    return ': ✕';
  }
}
