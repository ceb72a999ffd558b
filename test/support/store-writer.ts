// A process that keeps writing calls and reports to its parent which are durable. The parent kills it in the middle of that.
import { openStore } from '../../src/intake/open-store.ts';
import { endedCall } from './calls.ts';

const store = await openStore({ url: `sqlite:${process.argv[2]}`, country: 'RU', publicUrl: 'http://pb' });

async function writeFrom(first: number): Promise<void> {
  for (let id = first; ; id += 8) {
    const [result] = await store.apply([{ op: 'contact', event: endedCall(String(id)) }]);
    if (result?.ok !== true) throw new Error('a write was refused');
    process.send?.(id);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, i) => writeFrom(i)));
