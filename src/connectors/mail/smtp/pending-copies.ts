import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { isBlobId } from '../../../domain/ports/blobs.ts';
import { Loop } from '../../../runtime/loop.ts';
import type { ConnectorContext } from '../../contract.ts';
import type { SentFolder, SentLetter } from './sent-folder.ts';

const PendingSchema = Type.Array(Type.Object({ id: Type.String(), messageId: Type.String(), blob: Type.String() }));
type PendingCopy = Static<typeof PendingSchema>[number];
const cursor = 'copies for Sent';
/** Milliseconds between attempts. */
const pause = 60_000;
/** Maximum pending copies. Beyond that, the oldest is dropped: its letter was sent, but mail programs will not show it as sent. */
const maxPendingCopies = 100;
const largestLetter = 64 * 1024 * 1024;

/** Copies of sent letters that could not be stored in the Sent folder immediately. They wait in blob storage, also across restarts. */
export class PendingCopies {
  readonly #context: Pick<ConnectorContext, 'cursor' | 'blobs' | 'log'>;
  readonly #sent: Pick<SentFolder, 'keep'>;
  readonly #loop: Loop;
  /** Changes are made one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: Pick<ConnectorContext, 'cursor' | 'blobs' | 'log'>, sent: Pick<SentFolder, 'keep'>) {
    this.#context = context;
    this.#sent = sent;
    this.#loop = new Loop({
      name: 'copies for Sent',
      round: ({ stopping }) => this.#storePending(stopping),
      backoff: { min: pause, max: pause },
      onTrouble: (err) => context.log.warn({ err }, 'cannot store copies of sent letters in the Sent folder'),
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Queues the copy of a letter. */
  async add({ id, messageId }: SentLetter, letter: Buffer): Promise<void> {
    const { blobs, log } = this.#context;
    const { id: blob } = await blobs.put(Readable.from([letter]), largestLetter);
    await this.#change((pending) => [...pending, { id, messageId, blob }]);
    log.warn({ outbound: id }, 'cannot store a copy in the Sent folder, will retry');
  }

  async #storePending(stopping: AbortSignal): Promise<number> {
    const { blobs } = this.#context;
    for (const one of await this.#pending()) {
      if (stopping.aborted) break;
      const blob = isBlobId(one.blob) ? one.blob : null;
      if (blob !== null && (await blobs.size(blob)) !== null) {
        await this.#sent.keep(one, async () => buffer(await blobs.open(blob)));
        await blobs.remove(blob);
      }
      await this.#change((pending) => pending.filter(({ id }) => id !== one.id));
    }
    return pause;
  }

  async #pending(): Promise<readonly PendingCopy[]> {
    const known = await this.#context.cursor.get(cursor);
    const parsed: unknown = known === null ? [] : JSON.parse(known);
    return Value.Check(PendingSchema, parsed) ? parsed : [];
  }

  #change(change: (pending: readonly PendingCopy[]) => readonly PendingCopy[]): Promise<void> {
    const next = this.#last.then(async () => {
      const pending = change(await this.#pending()).slice(-maxPendingCopies);
      await this.#context.cursor.set(cursor, JSON.stringify(pending));
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}
