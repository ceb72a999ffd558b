import { text } from 'node:stream/consumers';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { IndexedText } from '../../domain/ports/operation-writes.ts';
import type { TextToIndex } from '../../domain/ports/readers.ts';
import type { Store } from '../../domain/ports/store.ts';
import type { Write, WriteResult } from '../../domain/ports/writes.ts';
import { isSearchable, searchableTexts } from '../../domain/search/searchable.ts';
import { JobOverrunError, type Jobs } from '../../runtime/jobs/job.ts';
import { LeasedLoop } from '../../runtime/leased-loop.ts';
import type { Logger } from '../../runtime/log.ts';
import type { Loops, Pause } from '../../runtime/loop.ts';
import { indexText, type TextsToIndex } from './index-text.ts';

/** Dependencies of the {@link SearchIndexer}. */
export interface SearchIndexerOptions {
  readonly store: Pick<Store, 'leases'>;
  readonly read: Pick<Store['read'], 'textsWaiting' | 'textsToFill' | 'letterBody' | 'transcript'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly blobs: Pick<Blobs, 'open' | 'size'>;
  readonly jobs: Jobs;
  readonly log: Logger;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}

/** Contacts per step. Writing their words takes the store a few milliseconds, so that calls can be written in between. */
const step = 20;
/** Earlier contacts looked at per step; most are calls, which have no texts. */
const fillStep = 100;
/** Milliseconds between two steps of earlier contacts, and between two looks for what other instances left. */
const pause = { filling: 50, idle: 5000, atLeast: 200 };

/**
 * Indexes the words of contacts for the search, on one instance, in the background: neither callers nor the store's writer wait until
 * a text is split into words. What waits is in the store, so a crash only delays it.
 */
export class SearchIndexer {
  readonly #options: SearchIndexerOptions;
  readonly #loop: LeasedLoop;

  constructor(options: SearchIndexerOptions) {
    this.#options = options;
    const { store, log, loops } = options;
    this.#loop = new LeasedLoop({
      name: 'search-index',
      leases: store.leases,
      log,
      loops,
      round: () => this.once(),
      backoff: { min: 1000, max: 60_000 },
      onTrouble: (error) => log.error({ err: error }, 'could not index texts for the search; it will be retried'),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Ends the pause if a contact has texts to index. */
  handle(interaction: Interaction): void {
    if (isSearchable(interaction)) this.#loop.nudge();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Does one step. Returns the pause before the next one. */
  async once(): Promise<number | Pause> {
    const { read } = this.#options;
    const waiting = await read.textsWaiting(step);
    if (waiting.length > 0) {
      await this.#index(waiting, null);
      return 0;
    }
    const earlier = await read.textsToFill(fillStep);
    if (earlier.length === 0) return { upTo: pause.idle, atLeast: pause.atLeast };
    await this.#index(
      earlier.filter(({ interaction }) => interaction !== null),
      earlier.length < fillStep ? '' : (earlier.at(-1)?.id ?? ''),
    );
    return { upTo: pause.filling, atLeast: 0 };
  }

  async #index(found: readonly TextToIndex[], filled: string | null): Promise<void> {
    const texts = await Promise.all(found.map((one) => this.#wordsOf(one)));
    const [result] = await this.#options.apply([{ op: 'index-texts', texts, filled }]);
    if (result?.ok === false) throw new Error(`the store refused the words of texts: ${result.message}`);
  }

  async #wordsOf({ id, interaction }: TextToIndex): Promise<IndexedText> {
    if (interaction === null) return { interaction: id, revision: 0, words: null };
    const texts = [...searchableTexts(interaction), ...(await this.#spokenIn(interaction))];
    const letter = interaction.html === null ? null : await this.#letterOf(interaction);
    return { interaction: id, revision: interaction.revision, words: await this.#prepared({ texts, letter }) };
  }

  /** What was said in the recordings of a call. */
  async #spokenIn({ recordings }: Interaction): Promise<readonly string[]> {
    const spoken = recordings.filter(({ transcript }) => transcript?.state === 'ready');
    const found = await Promise.all(spoken.map(({ id }) => this.#options.read.transcript(id)));
    return found.flatMap((transcript) => transcript?.phrases.map(({ text }) => text) ?? []);
  }

  /** The letter as it came, with its quoted history; null if its blob is gone. */
  async #letterOf({ id }: Interaction): Promise<TextsToIndex['letter']> {
    const { read, blobs } = this.#options;
    const body = await read.letterBody(id);
    if (body === null || (await blobs.size(body.blob)) === null) return null;
    return { mime: body.mime, text: await text(await blobs.open(body.blob)) };
  }

  /** A letter that takes too long to read is found by what its contact shows. */
  async #prepared(given: TextsToIndex): Promise<string> {
    const { jobs } = this.#options;
    try {
      return await jobs.run(indexText, given);
    } catch (error) {
      if (!(error instanceof JobOverrunError) || error.overrun === 'stopped' || error.overrun === 'queue') throw error;
      return given.letter === null ? '' : this.#prepared({ ...given, letter: null });
    }
  }
}
