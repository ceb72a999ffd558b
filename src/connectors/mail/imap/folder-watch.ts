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

/** Back-off before a new connection in milliseconds. It is long after errors that need an administrator, so that the server does not lock us out. */
const afterTrouble = { min: 1000, max: 60_000 };
const afterRefusal = { min: 60_000, max: 15 * 60_000 };
/** The progress of a pass is reported if it has at least this many letters. */
const longPass = 500;
/** Milliseconds that a stop waits for pending commands. */
const stopTimeout = 3000;

/** Dependencies of {@link FolderWatch}. */
export interface WatchParts extends Omit<ReaderParts, 'onProgress' | 'signal'> {
  readonly credentials: MailCredentials;
  readonly onState: (health: ConnectionHealth, reason: Reason | null) => void;
}

/** Follows one folder with a connection of its own. It waits in IDLE, polls from time to time, and reconnects after errors. */
export class FolderWatch {
  readonly #parts: WatchParts;
  readonly #reader: FolderReader;
  readonly #loop: Loop;
  #client: ImapFlow | null = null;
  /** UIDVALIDITY of the open folder, to detect that it was replaced; null if none is open. */
  #validity: string | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    const { wish, context, onState } = parts;
    this.#loop = new Loop({
      name: `mail:${context.connection}:${wish.name}`,
      round: ({ stopping }) => this.#poll(stopping),
      backoff: (error, failures) => backoffDelay(failures, isRefusal(error) ? afterRefusal : afterTrouble),
      onTrouble: (error) => {
        onState(isRefusal(error) ? 'failed' : 'degraded', troubleOf(error));
        context.log.warn({ err: error, folder: wish.name }, 'a mail folder can not be read');
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

  /** Makes it check for new letters now. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** Stops the watch, after committing the letters that have been read. Safe to call twice. */
  async stop(): Promise<void> {
    await this.#loop.stop(stopTimeout);
    const client = this.#client;
    if (client?.usable) await Promise.race([client.logout().catch(() => undefined), sleep(1000)]);
    this.#close();
  }

  /** Reads new letters, then waits in IDLE. */
  async #poll(stopping: AbortSignal): Promise<number> {
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

/** Whether an error needs an administrator. */
function isRefusal(error: unknown): boolean {
  return error instanceof MailSetupError;
}
