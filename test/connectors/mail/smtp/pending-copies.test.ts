import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PendingCopies } from '../../../../src/connectors/mail/smtp/pending-copies.ts';
import { FileBlobs } from '../../../../src/store/blobs/file-blobs.ts';
import { connectorContext } from '../../../support/connector-context.ts';

const first = { id: 'first', messageId: 'patchbay.first@our.example' };
const second = { id: 'second', messageId: 'patchbay.second@our.example' };

/** A Sent folder that is unavailable or accepts copies; it announces the number of attempts. */
class Folder {
  readonly kept: string[] = [];
  away = true;
  #asked = 0;
  #waiting: { readonly times: number; readonly resolve: () => void }[] = [];

  async keep(wanted: { readonly id: string }, letter: () => Promise<Buffer>): Promise<void> {
    try {
      if (this.away) throw new Error('the mail server is away');
      this.kept.push(`${wanted.id}: ${await letter()}`);
    } finally {
      this.#asked += 1;
      for (const one of this.#waiting) if (one.times === this.#asked) one.resolve();
    }
  }

  asked(times: number): Promise<void> {
    return this.#asked >= times ? Promise.resolve() : new Promise((resolve) => this.#waiting.push({ times, resolve }));
  }
}

describe('copies for an unavailable Sent folder', () => {
  let directory: string;
  let folder: Folder;
  let context: ReturnType<typeof connectorContext>;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-pending-'));
    folder = new Folder();
    context = connectorContext('sales', { blobs: new FileBlobs(directory) });
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const started = () => {
    const copies = new PendingCopies(context, folder);
    copies.start();
    return copies;
  };

  it('are stored later, each once, even after restarts', async () => {
    const before = new PendingCopies(context, folder);
    await before.add(first, Buffer.from('one'));
    await before.add(second, Buffer.from('two'));
    const refused = started();
    await folder.asked(1);
    await refused.stop();
    expect(folder.kept).toEqual([]);

    folder.away = false;
    const paying = started();
    await folder.asked(3);
    await paying.stop();
    const again = started();
    await again.stop();
    expect(folder.kept).toEqual(['first: one', 'second: two']);
  });

  it('are stored even if one of them was lost', async () => {
    const copies = new PendingCopies(context, folder);
    const blobs = new FileBlobs(directory);
    context = connectorContext('sales', { blobs, cursor: context.cursor });
    await copies.add(first, Buffer.from('one'));
    await copies.add(second, Buffer.from('two'));
    const pending = JSON.parse((await context.cursor.get('copies for Sent')) ?? '[]') as { blob: string }[];
    await blobs.remove(pending[0]?.blob as never);
    folder.away = false;
    const paying = started();
    await folder.asked(1);
    await paying.stop();
    expect(folder.kept).toEqual(['second: two']);
  });
});
