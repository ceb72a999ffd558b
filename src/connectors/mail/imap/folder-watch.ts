import type { ImapFlow } from 'imapflow';
import type { ConnectionHealth } from '../../../domain/ports/connection-state.ts';
import { backoffDelay } from '../../../runtime/backoff.ts';
import { Nudge } from '../../../runtime/nudge.ts';
import { sleep } from '../../../runtime/sleep.ts';
import type { MailCredentials } from './credentials.ts';
import { FolderReader, type ReaderParts } from './folder-reader.ts';
import { openFolder } from './folder-uids.ts';
import { findFolder, openSession, troubleOf } from './session.ts';
import { MailSetupError } from './setup-error.ts';

/** Waits before a new connection, in milliseconds; after what only a human can change they are long, lest the server lock us out. */
const afterTrouble = { min: 1000, max: 60_000 };
const afterRefusal = { min: 60_000, max: 15 * 60_000 };
/** The progress of a pass is told from this many letters on. */
const longPass = 500;
/** How long a stop waits for what the server is doing, in milliseconds. */
const grace = 3000;

/** What a watch works with. */
export interface WatchParts extends Omit<ReaderParts, 'onProgress' | 'signal'> {
  readonly credentials: MailCredentials;
  readonly onState: (health: ConnectionHealth, reason: string | null) => void;
}

/** Keeps one folder read: a connection of its own that waits in IDLE, asks now and then all the same, and is made anew when it breaks. */
export class FolderWatch {
  readonly #parts: WatchParts;
  readonly #reader: FolderReader;
  readonly #news = new Nudge();
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #client: ImapFlow | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#reader = new FolderReader({
      ...parts,
      signal: this.#stopping.signal,
      onProgress: (done, of) => {
        if (of >= longPass) parts.onState('ready', done < of ? `${done} of ${of} letters taken in` : null);
      },
    });
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Look now. */
  nudge(): void {
    this.#news.nudge();
  }

  /** Ends the watch; what has been read is committed first. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#news.nudge();
    const timer = setTimeout(() => this.#client?.close(), grace);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      let refused = false;
      try {
        await this.#follow(() => {
          failures = 0;
        });
      } catch (error) {
        if (signal.aborted) break;
        refused = error instanceof MailSetupError;
        this.#parts.onState(refused ? 'failed' : 'degraded', troubleOf(error));
        this.#parts.context.log.warn({ err: error, folder: this.#parts.wish.name }, 'a mail folder is not being read');
      } finally {
        this.#client?.close();
        this.#client = null;
      }
      await sleep(backoffDelay(failures++, refused ? afterRefusal : afterTrouble), signal);
    }
  }

  /** One connection's life. */
  async #follow(onRead: () => void): Promise<void> {
    const { config, credentials, wish, onState } = this.#parts;
    const { signal } = this.#stopping;
    const client = await openSession(config, credentials);
    this.#client = client;
    for (const event of ['exists', 'close', 'error'] as const) client.on(event, () => this.#news.nudge());
    const path = await findFolder(client, wish);
    const { validity } = await client.mailboxOpen(path, { readOnly: true }).then(() => openFolder(client));
    while (!signal.aborted) {
      this.#news.heed();
      // What IDLE did not tell, the answer to a command does; a connection that is dead in silence is found so.
      await client.noop();
      if (openFolder(client).validity !== validity) throw new Error('the folder was replaced');
      await this.#reader.read(client);
      onRead();
      onState('ready', null);
      const idle = client.idle().catch(() => undefined);
      await this.#news.wait(config.imap.poll * 1000);
      if (!client.usable) throw new Error('the mail server closed the connection');
      void idle;
    }
    await Promise.race([client.logout().catch(() => undefined), sleep(1000)]);
  }
}
