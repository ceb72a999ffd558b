import { it } from 'vitest';
import { play } from './play.ts';
import { killsOf, troublesOf } from './troubles.ts';
it('x', async () => {
  const t = performance.now();
  const size = JSON.parse(process.env.SIZE ?? '{ "calls": 80, "letters": 20, "messages": 20, "forms": 15 }');
  const seed = Number(process.env.SEED ?? 1);
  const mode = (process.env.MODE ?? 'webhook') as never;
  const quiet = process.env.QUIET !== undefined;
  const { office, differences } = await play({ mode, seed, size, kills: quiet ? [] : killsOf(seed, 20, 4000), troubles: quiet ? () => [] : troublesOf({ seed, mode, hanging: 0.3 })});
  console.log('day', performance.now() - t, new Date(office.now), office.kills, 'kills', office.portal.faults.happened.length, 'faults');
  console.log(office.portal.state.complaints.slice(0, 10), office.portal.state.sentLetters);
  console.log((await office.read.owed({limit: 200, cursor: null})).items.filter(({ state }) => state !== 'done'));
  console.log('open', office.log.open());
  console.table(Object.fromEntries(office.log.summary()));
  console.log(differences.length);
  for (const d of differences.slice(0, Number(process.env.MAX ?? 30))) console.log(d);
  await office.close();
}, 600_000);
