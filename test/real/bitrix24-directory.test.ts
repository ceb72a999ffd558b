import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { manyContacts, openReading, portalFor } from '../crm/bitrix24/directory/reading.ts';

const count = 200_000;
const patience = { timeout: 900_000, interval: 1000 };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes on the heap after a collection. */
function heap(): number {
  collect();
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
}

it('reads 200,000 contacts of a scripted portal in constant memory, through faults and a restart', async () => {
  const reading = await openReading();
  const portal = await portalFor(reading, manyContacts(count));
  reading.office.clock.shift(600_000);
  for (const nth of [400, 1500, 2600]) portal.faults.on('crm.contact.list', 'malformed', { nth });
  const began = performance.now();
  const read = () => reading.progress.at(-1)?.read ?? 0;
  let reader = reading.read('b24', portal);
  const heaps: number[] = [];
  for (const part of [20_000, 60_000, 100_000, 140_000, 180_000]) {
    await expect.poll(read, patience).toBeGreaterThanOrEqual(part);
    heaps.push(heap());
    if (part !== 100_000) continue;
    await reader.stop();
    reader = reading.read('b24', portal);
  }
  await expect.poll(() => reading.client(`b24:contact-${count}`), patience).not.toBeNull();
  const seconds = Math.round((performance.now() - began) / 1000);
  const lists = portal.state.counts.get('crm.contact.list') ?? 0;
  const batches = portal.state.counts.get('batch') ?? 0;
  process.stdout.write(
    `${count} contacts in ${seconds} s, ${batches} batches, ${lists} lists, heap ${heaps.join(', ')} MB\n`,
  );
  // Every page is read once, but for those that a fault or the restart spoiled.
  expect(lists).toBeLessThan(count / 50 + 200);
  expect(Math.max(...heaps) - Math.min(...heaps)).toBeLessThan(60);
  const from = reading.office.store.directory.hits({ kind: 'phone', value: '+79160199999' });
  expect(from.map(({ client }) => client.id)).toEqual(['b24:contact-199999']);
  await portal.people.editContact(77, { NAME: 'Changed' });
  portal.core.cards.CONTACT.delete(100_001);
  await expect.poll(async () => (await reading.client('b24:contact-77'))?.name, patience).toBe('Changed');
  await expect.poll(() => reading.client('b24:contact-100001'), patience).toBeNull();
}, 1_800_000);
