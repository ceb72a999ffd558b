import type { BlobId } from '../../domain/ports/blobs.ts';
import type { WrittenBody } from '../../domain/written/written-contact.ts';
import { type Job, JobOverrunError, type Jobs } from '../../runtime/jobs/job.ts';
import { type LetterLook, letterPage, unshownPage } from './page.ts';
import type { Pictures } from './safe-html.ts';

/** A letter to be shown. */
export interface LetterToShow {
  readonly text: string;
  readonly body: Pick<WrittenBody, 'mime' | 'quotedAt'>;
  readonly pictures: Pictures;
  readonly look: LetterLook;
}

/** The page that shows a letter. */
export const showLetter: Job<LetterToShow, string> = {
  name: 'letter-page',
  run: ({ text, body, pictures, look }) => letterPage(text, body, pictures, look),
};

/** Number of remembered letters that took too long. */
const maxUnshown = 1000;

/** Makes pages of letters. A letter that took too long is not tried again, because each attempt would cost as much. */
export class LetterPages {
  readonly #jobs: Jobs;
  readonly #unshown = new Set<BlobId>();

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  /** The page of the letter with this body. Urgent, because somebody is waiting for it. */
  async page(blob: BlobId, letter: LetterToShow): Promise<string> {
    if (this.#unshown.has(blob)) return unshownPage(letter.text, letter.look);
    try {
      return await this.#jobs.run(showLetter, letter, { urgent: true });
    } catch (error) {
      if (!(error instanceof JobOverrunError) || error.overrun === 'stopped' || error.overrun === 'queue') throw error;
      if (this.#unshown.size >= maxUnshown) this.#unshown.clear();
      this.#unshown.add(blob);
      return unshownPage(letter.text, letter.look);
    }
  }
}
