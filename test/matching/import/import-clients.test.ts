import { expect, it } from 'vitest';
import { importClients } from '../../../src/matching/import/import-clients.ts';

async function* source(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const rows = Array.from({ length: 2500 }, (_, i) => JSON.stringify({ id: `c${i}`, name: `Client ${i}` }));

it('hands over chunks in file order and reports its progress', async () => {
  const kept: string[][] = [];
  const progress: number[] = [];

  const report = await importClients({
    source: source(['{"id":1}', ...rows].join('\n')),
    format: 'ndjson',
    country: 'RU',
    keep: async (clients) => {
      kept.push(clients.map((client) => client.id));
      return new Set();
    },
    onProgress: ({ accepted }) => void progress.push(accepted),
  });

  expect(kept.map((chunk) => chunk.length)).toEqual([1000, 1000, 500]);
  expect(kept.flat()).toEqual(rows.map((_, i) => `c${i}`));
  expect(progress).toEqual([1000, 2000, 2500]);
  expect(report).toMatchObject({ accepted: 2500, refused: 1, rows: [{ row: 1, column: '/id' }] });
});

it('fails with the error of the callback, and with the format error of an invalid file', async () => {
  const task = { source: source(rows.join('\n')), format: 'ndjson', country: 'RU' } as const;
  const full = importClients({ ...task, keep: () => Promise.reject(new Error('disk full')) });
  await expect(full).rejects.toThrow('disk full');
  const csv = importClients({ ...task, source: source('a;b\n'), format: 'csv', keep: async () => new Set<never>() });
  await expect(csv).rejects.toThrow(/header/);
});
