import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { isBlobId } from '../../../domain/ports/blobs.ts';
import { Loop } from '../../../runtime/loop.ts';
import type { ConnectorContext } from '../../contract.ts';
import type { SentFolder, Wanted } from './sent-folder.ts';

const Owed = Type.Array(Type.Object({ id: Type.String(), messageId: Type.String(), blob: Type.String() }));
type OwedCopy = Static<typeof Owed>[number];
const cursor = 'copies for Sent';
/** Milliseconds between tries. */
const pause = 60_000;
/** Beyond these the oldest is given up: the letter was sent, only the mail program will not show it. */
const maxPendingCopies = 100;
const largestLetter = 64 * 1024 * 1024;

/** Copies of sent letters that the Sent folder could not be given at once; they wait in blob storage, over restarts too. */
export class OwedCopies {
  readonly #context: Pick<ConnectorContext, 'cursor' | 'blobs' | 'log'>;
  readonly #sent: Pick<SentFolder, 'keep'>;
  readonly #loop: Loop;
  /** One change after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: Pick<ConnectorContext, 'cursor' | 'blobs' | 'log'>, sent: Pick<SentFolder, 'keep'>) {
    this.#context = context;
    this.#sent = sent;
    this.#loop = new Loop({
      name: 'copies for Sent',
      round: ({ stopping }) => this.#pay(stopping),
      backoff: { min: pause, max: pause },
      onTrouble: (err) => context.log.warn({ err }, 'the Sent folder lacks copies of sent letters'),
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Keeps a letter for later. */
  async add({ id, messageId }: Wanted, letter: Buffer): Promise<void> {
    const { blobs, log } = this.#context;
    const { id: blob } = await blobs.put(Readable.from([letter]), largestLetter);
    await this.#change((owed) => [...owed, { id, messageId, blob }]);
    log.warn({ outbound: id }, 'the Sent folder could not be given its copy; it is tried again');
  }

  async #pay(stopping: AbortSignal): Promise<number> {
    const { blobs } = this.#context;
    for (const one of await this.#owedNow()) {
      if (stopping.aborted) break;
      const blob = isBlobId(one.blob) ? one.blob : null;
      if (blob !== null && (await blobs.size(blob)) !== null) {
        await this.#sent.keep(one, async () => buffer(await blobs.open(blob)));
        await blobs.remove(blob);
      }
      await this.#change((owed) => owed.filter(({ id }) => id !== one.id));
    }
    return pause;
  }

  async #owedNow(): Promise<readonly OwedCopy[]> {
    const known = await this.#context.cursor.get(cursor);
    const parsed: unknown = known === null ? [] : JSON.parse(known);
    return Value.Check(Owed, parsed) ? parsed : [];
  }

  #change(change: (owed: readonly OwedCopy[]) => readonly OwedCopy[]): Promise<void> {
    const next = this.#last.then(async () => {
      const owed = change(await this.#owedNow()).slice(-maxPendingCopies);
      await this.#context.cursor.set(cursor, JSON.stringify(owed));
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}
