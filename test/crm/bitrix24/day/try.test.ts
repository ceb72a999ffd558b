import { it } from 'vitest';
import { DayOffice } from './office.ts';
import { day, scheduleOf } from './schedule.ts';
it('x', async () => {
  const t = performance.now();
  const office = await DayOffice.open((process.env.MODE ?? 'webhook') as never, day.begin, []);
  const size = { calls: 200, letters: 40, messages: 40, forms: 30 };
  const list = await scheduleOf(1, size, office);
  console.log('schedule', list.length, performance.now() - t);
  for (const { at, run } of list) { await office.until(at); await run(office); }
  console.log('day', performance.now() - t, new Date(office.now));
  await office.settle();
  console.log('settled', performance.now() - t, new Date(office.now));
  console.log(office.portal.state.counts);
  console.log(office.portal.state.complaints.slice(0, 10), office.portal.state.sentLetters, office.log.open().length);
  console.table(Object.fromEntries(office.log.summary()));
  await office.close();
  console.log('closed', performance.now() - t);
}, 600_000);
