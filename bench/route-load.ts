import { openStore } from '../src/intake/open-store.ts';
import { benchClient } from './route-client.ts';

// Fills a database for bench/route.ts in a separate process, so that its garbage isn't measured. Arguments: PATH COUNT.
const [path = '', count = '0'] = process.argv.slice(2);
const store = await openStore({ url: `sqlite:${path}`, country: 'RU', publicUrl: 'http://pb' });
const chunk = 5000;
for (let at = 0; at < Number(count); at += chunk) {
  const clients = Array.from({ length: Math.min(chunk, Number(count) - at) }, (_, i) => benchClient(at + i));
  const [result] = await store.apply([{ op: 'put-clients', clients, at: 0 }]);
  if (result?.ok !== true) throw new Error('the store refused the clients of the bench');
}
await store.close();
