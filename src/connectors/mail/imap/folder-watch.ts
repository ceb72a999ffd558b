import type { ImapFlow } from 'imapflow';
import type { Reason } from '../../../domain/base/reason.ts';
import type { ConnectionHealth } from '../../../domain/ports/connection-state.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { backoffDelay } from '../../../runtime/backoff.ts';
import { Loop } from '../../../runtime/loop.ts';
import { sleep } from '../../../runtime/sleep.ts';
import type { MailCredentials } from './credentials.ts';
import { FolderReader, type ReaderParts } from './folder-reader.ts';
import { openFolder } from './folder-uids.ts';
import { findFolder, openSession } from './session.ts';
import { MailError, MailSetupError, troubleOf } from './trouble.ts';

/** Waits before a new connection, in milliseconds; long after trouble that only a human can mend, so that the server does not lock us out. */
const afterTrouble = { min: 1000, max: 60_000 };
const afterRefusal = { min: 60_000, max: 15 * 60_000 };
/** The progress of a pass is told from this many letters on. */
const longPass = 500;
/** How long a stop waits for what the server is doing, in milliseconds. */
const grace = 3000;

/** What a watch works with. */
export interface WatchParts extends Omit<ReaderParts, 'onProgress' | 'signal'> {
  readonly credentials: MailCredentials;
  readonly onState: (health: ConnectionHealth, reason: Reason | null) => void;
}

/** Keeps one folder read: a connection of its own that waits in IDLE, asks now and then all the same, and is made anew when it breaks. */
export class FolderWatch {
  readonly #parts: WatchParts;
  readonly #reader: FolderReader;
  readonly #loop: Loop;
  #client: ImapFlow | null = null;
  /** UIDVALIDITY of the folder that is open, by which one that was replaced is known; null while none is. */
  #validity: string | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    const { wish, context, onState } = parts;
    this.#loop = new Loop({
      name: `mail:${context.connection}:${wish.name}`,
      round: ({ stopping }) => this.#look(stopping),
      backoff: (error, failures) => backoffDelay(failures, isRefusal(error) ? afterRefusal : afterTrouble),
      onTrouble: (error) => {
        onState(isRefusal(error) ? 'failed' : 'degraded', troubleOf(error));
        context.log.warn({ err: error, folder: wish.name }, 'a mail folder is not being read');
        this.#close();
      },
    });
    const { stopping, abandon } = this.#loop.signals;
    abandon.addEventListener('abort', () => this.#close());
    this.#reader = new FolderReader({
      ...parts,
      signal: stopping,
      onProgress: (done, of) => {
        if (of >= longPass) onState('ready', done < of ? reason('lettersTakenIn', { done, total: of }) : null);
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Look now. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** Ends the watch; letters that have been read are committed first. Safe to call twice. */
  async stop(): Promise<void> {
    await this.#loop.stop(grace);
    const client = this.#client;
    if (client?.usable) await Promise.race([client.logout().catch(() => undefined), sleep(1000)]);
    this.#close();
  }

  /** Reads what is new and waits in IDLE. */
  async #look(stopping: AbortSignal): Promise<number> {
    const { config, onState } = this.#parts;
    const client = this.#client ?? (await this.#open());
    if (stopping.aborted) return 0;
    if (!client.usable) throw new MailError(reason('mailServerClosed'));
    // What IDLE did not tell, the answer to a command does; a connection that is dead in silence is found so.
    await client.noop();
    if (openFolder(client).validity !== this.#validity) throw new MailError(reason('folderReplaced'));
    await this.#reader.read(client);
    onState('ready', null);
    void client.idle().catch(() => undefined);
    return config.imap.poll * 1000;
  }

  async #open(): Promise<ImapFlow> {
    const { config, credentials, wish } = this.#parts;
    const client = await openSession(config, credentials);
    this.#client = client;
    for (const event of ['exists', 'close', 'error'] as const) client.on(event, () => this.nudge());
    const path = await findFolder(client, wish);
    await client.mailboxOpen(path, { readOnly: true });
    this.#validity = openFolder(client).validity;
    return client;
  }

  #close(): void {
    this.#client?.close();
    this.#client = null;
  }
}

/** Trouble that only a human can mend. */
function isRefusal(error: unknown): boolean {
  return error instanceof MailSetupError;
}
