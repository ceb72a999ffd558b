import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker, WorkerOptions } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { UncertainWriteError } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { spawnThread } from '../../src/runtime/thread.ts';
import { parseInteraction } from '../../src/store/shared/interaction-body.ts';
import { WriterClient } from '../../src/store/sqlite/writer-client.ts';
import { call, callStart } from '../support/calls.ts';

type Death = { readonly dies: 'before' | 'after'; readonly of?: string };

const directory = mkdtempSync(join(tmpdir(), 'patchbay-writer-'));
const writerThread = '../../src/intake/writer-thread';
const settings = { country: 'RU', publicUrl: 'http://pb' };
let serial = 0;
let path: string;
let writer: WriterClient;
let threads: Worker[];

/** Opens a writer on a new file. Its first threads die as specified, later ones do not. */
async function opened(...deaths: Death[]): Promise<void> {
  serial += 1;
  path = join(directory, `${serial}.db`);
  threads = [];
  const spawn = (options: WorkerOptions) => {
    const death = deaths[threads.length];
    const workerData = { ...(options.workerData as object), ...death };
    const module = death === undefined ? writerThread : '../support/dying-writer';
    const thread = spawnThread(import.meta.url, module, { workerData });
    threads.push(thread);
    return thread;
  };
  writer = new WriterClient({ path, settings, spawn, backoff: { min: 1, max: 5 } });
  await writer.open();
}

const contact = (id: string): Write => ({ op: 'contact', event: call(id) });

const note = (id: InteractionId, text: string): Write => ({
  op: 'decide',
  id,
  ifRevision: null,
  by: { id: 'anna', name: 'Anna' },
  decision: { note: text },
  at: callStart,
});

/** Creates an interaction for notes through a second connection, since the writer itself may die. */
async function someCall(id: string): Promise<InteractionId> {
  const spawn = (options: WorkerOptions) => spawnThread(import.meta.url, writerThread, options);
  const other = new WriterClient({ path, settings, spawn });
  await other.open();
  const [result] = await other.apply([contact(id)]);
  await other.close();
  const made = result?.ok === true ? result.changes[0]?.interaction.id : undefined;
  if (made === undefined) throw new Error('no call was made');
  return made;
}

function kept(): readonly Interaction[] {
  const db = new Sqlite(path, { readonly: true });
  const rows = db.prepare('SELECT body FROM interactions').all() as { body: string }[];
  db.close();
  return rows.map(({ body }) => parseInteraction(body));
}

const notes = () => kept().flatMap((interaction) => interaction.notes.map(({ text }) => text));

afterEach(() => writer.close());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('a writer whose thread dies', () => {
  it('executes writes that had not begun, including those that must not be repeated', async () => {
    await opened({ dies: 'before' });
    const id = await someCall('1');
    const results = await Promise.all([writer.apply([note(id, 'once')]), writer.apply([contact('2')])]);
    expect(results.every(([result]) => result?.ok)).toBe(true);
    expect(notes()).toEqual(['once']);
    expect(threads).toHaveLength(2);
  });

  it('repeats safe writes if their commit had begun, and reports the others as uncertain', async () => {
    await opened({ dies: 'after' });
    const id = await someCall('1');
    const [call, noted] = await Promise.allSettled([writer.apply([contact('2')]), writer.apply([note(id, 'perhaps')])]);
    expect(call).toMatchObject({ status: 'fulfilled', value: [{ ok: true }] });
    expect(noted).toMatchObject({ status: 'rejected', reason: expect.any(UncertainWriteError) });
    expect(kept()).toHaveLength(2);
    expect(notes()).toEqual(['perhaps']);
  });

  it('gives up a batch that keeps crashing its threads, and continues with the others', async () => {
    const poison = { dies: 'before', of: 'poison' } as const;
    await opened(poison, poison, poison);
    await expect(writer.apply([contact('poison')])).rejects.toThrow(/crashed 3 times/);
    expect((await writer.apply([contact('1')]))[0]?.ok).toBe(true);
    expect(kept()).toHaveLength(1);
  });

  it('refuses at once while the database cannot be opened, and continues when it can', async () => {
    await opened();
    const db = new Sqlite(path);
    const version = db.pragma('user_version', { simple: true });
    db.pragma('user_version = 9999');
    await threads[0]?.terminate();
    await expect(writer.apply([contact('1')])).rejects.toThrow(/can't be opened: .*newer Patchbay/);
    await expect(writer.apply([contact('2')])).rejects.toThrow(/can't be opened/);
    db.pragma(`user_version = ${version}`);
    db.close();
    await vi.waitFor(() => writer.apply([contact('1')]), { timeout: 20_000 });
    expect(kept()).toHaveLength(1);
  });

  it('loses and duplicates nothing when killed at any moment', async () => {
    await opened();
    const id = await someCall('0');
    const acknowledged = new Set<string>();
    const uncertain = new Set<string>();
    const maxThreads = 4;
    const writeFrom = async (first: number) => {
      for (let n = first; threads.length < maxThreads; n += 8) {
        await writer.apply([contact(`c${n}`)]);
        const text = `n${n}`;
        await writer.apply([note(id, text)]).then(
          () => acknowledged.add(text),
          (error: unknown) => {
            if (!(error instanceof UncertainWriteError)) throw error;
            uncertain.add(text);
          },
        );
        // Kills it after so many notes, wherever the thread is by then.
        if (acknowledged.size > threads.length * 25) void threads.at(-1)?.terminate();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, i) => writeFrom(i)));
    const written = notes();
    expect(new Set(written).size).toBe(written.length);
    expect(acknowledged.size).toBeGreaterThan(50);
    expect([...acknowledged].filter((text) => !written.includes(text))).toEqual([]);
    expect(written.filter((text) => !acknowledged.has(text) && !uncertain.has(text))).toEqual([]);
  }, 60_000);

  it('closes during a restart of its thread', async () => {
    await opened();
    await threads[0]?.terminate();
    const pending = writer.apply([contact('1')]);
    pending.catch(() => undefined);
    await writer.close();
    await expect(pending).rejects.toThrow(/closed/);
    await writer.close();
  });
});
