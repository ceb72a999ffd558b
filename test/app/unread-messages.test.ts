import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { UnreadMessages } from '../../src/app/unread-messages.ts';

it('counts by connection and type, with a bounded number of names that are safe', async () => {
  const metrics = new Registry();
  const unread = new UnreadMessages();
  unread.register(metrics);
  unread.count('tg', { what: 'service', type: 'pinned_message' });
  unread.count('tg', { what: 'service', type: 'pinned_message' });
  unread.count('wa', { what: 'unknown', type: 'Позвоните +79991234567' });
  const first = await metrics.metrics();
  expect(first).toContain('patchbay_messenger_unread_total{connection="tg",what="service",type="pinned_message"} 2');
  expect(first).toContain('patchbay_messenger_unread_total{connection="wa",what="unknown",type="other"} 1');
  for (let n = 0; n < 2000; n += 1) unread.count('wa', { what: 'unknown', type: `type_${n}` });
  const lines = (await metrics.metrics()).split('\n').filter((line) => line.startsWith('patchbay_messenger'));
  expect(lines.length).toBeLessThan(510);
});
