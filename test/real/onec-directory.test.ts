import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { openOnec } from '../crm/onec/directory/reading.ts';

const count = 200_000;
const patience = { timeout: 300_000, interval: 200 };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes on the heap after a collection. */
function heap(): number {
  collect();
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
}

it('reads 200,000 partners of a scripted 1C in constant memory, through faults and a restart', async () => {
  const make = (n: number) => ({ name: `N${n}`, phones: [`8 (916) ${String(n).padStart(7, '0')}`] });
  const { onec, read, office, progress, client, states } = await openOnec({
    clients: { count, make },
    keepRequests: false,
  });
  for (const nth of [30, 90, 150]) onec.faults.on('GET Catalog_Партнеры', 'malformed', { nth });
  const requests = () => [...onec.state.counts.values()].reduce((sum, one) => sum + one, 0);
  const settings = { directory: { page: 1000 } };
  const began = performance.now();
  const done = () => progress.at(-1)?.read ?? 0;
  let reader = read(settings);
  const heaps: number[] = [];
  for (const part of [20_000, 60_000, 100_000, 140_000, 180_000]) {
    await expect.poll(done, patience).toBeGreaterThanOrEqual(part);
    heaps.push(heap());
    if (part !== 100_000) continue;
    await reader.stop();
    reader = read(settings);
  }
  await expect.poll(() => client(`base:partner-${onec.people.generatedKey(count)}`), patience).not.toBeNull();
  await expect.poll(() => states.at(-1), patience).toBe('base ready');
  const [first, seconds] = [requests(), Math.round((performance.now() - began) / 1000)];
  // Every page is read once, but for those that a fault or the restart spoiled.
  expect(onec.state.counts.get('GET Catalog_Партнеры')).toBeLessThan(count / 1000 + 80);
  expect(Math.max(...heaps) - Math.min(...heaps)).toBeLessThan(60);
  const from = office.store.directory.hits({ kind: 'phone', value: '+79160199999' });
  expect(from.map(({ client: one }) => one.id)).toEqual([`base:partner-${onec.people.generatedKey(199_999)}`]);

  const sweeps = () => onec.state.counts.get('GET Catalog_СделкиСКлиентами') ?? 0;
  const [before, begun] = [sweeps(), requests()];
  await expect.poll(sweeps, patience).toBeGreaterThan(before);
  const sweep = requests() - begun;
  expect(sweep).toBeGreaterThan(count / 10_000);
  expect(sweep).toBeLessThan(first * 0.05);
  const [changed, gone] = [onec.people.generatedKey(77), onec.people.generatedKey(100_001)];
  onec.people.edit('Catalog_Партнеры', changed, { Description: 'Changed' });
  onec.people.mark('Catalog_Партнеры', gone);
  await expect.poll(async () => (await client(`base:partner-${changed}`))?.name, patience).toBe('Changed');
  await expect.poll(() => client(`base:partner-${gone}`), patience).toBeNull();
  process.stdout.write(
    `${count} partners in ${seconds} s, ${first} requests, then ${sweep} a sweep, heap ${heaps.join(', ')} MB\n`,
  );
  expect(onec.state.complaints).toEqual([]);
}, 600_000);
