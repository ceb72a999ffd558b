import { describe, expect, it } from 'vitest';
import { LetterPages, type LetterToShow } from '../../../src/api/letters/show.ts';
import type { BlobId } from '../../../src/domain/ports/blobs.ts';
import { inProcessJobs, JobOverrunError, type Jobs, type Overrun } from '../../../src/runtime/jobs/job.ts';

const blob = (name: string) => name.repeat(64) as BlobId;
const letter: LetterToShow = {
  text: '<p>How <b>much</b>?<script>alert(1)</script>',
  body: { mime: 'text/html', quotedAt: null },
  pictures: { inline: new Map(), remote: false },
  look: { language: 'en', dark: false },
};

describe('the page of a letter', () => {
  it('is rendered by the job pool', async () => {
    expect(await new LetterPages(inProcessJobs).page(blob('a'), letter)).toContain('<p>How <b>much</b>?</p>');
  });

  it('is rendered once if that takes too long, and falls back to the plain text', async () => {
    let tried = 0;
    const jobs: Jobs = {
      run: async (job) => {
        tried += 1;
        throw new JobOverrunError(job.name, 'time');
      },
    };
    const pages = new LetterPages(jobs);
    const shown = [await pages.page(blob('a'), letter), await pages.page(blob('a'), letter)];
    for (const page of shown) expect(page).toMatch(/could not be shown.*How *much *\?/s);
    for (const page of shown) expect(page).not.toContain('<script');
    expect(tried).toBe(1);
    await pages.page(blob('b'), letter);
    expect(tried).toBe(2);
  });

  it.each<Overrun>(['stopped', 'queue'])('is rendered again if the program caused the failure: %s', async (overrun) => {
    const jobs: Jobs = { run: (job) => Promise.reject(new JobOverrunError(job.name, overrun)) };
    await expect(new LetterPages(jobs).page(blob('a'), letter)).rejects.toBeInstanceOf(JobOverrunError);
  });
});
