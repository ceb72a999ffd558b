import { expect, it } from 'vitest';
import { Answering, maxWaiting } from '../../src/answering/answering.ts';
import { toConfig } from '../../src/config/config.ts';
import { eventKey } from '../../src/domain/base/ids.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write, WriteResult } from '../../src/domain/ports/writes.ts';
import type { RouteQuestion } from '../../src/domain/routing/routing.ts';
import { Intake } from '../../src/intake/intake.ts';
import { silentLogger } from '../../src/runtime/log.ts';

const asked = {
  connection: 'pbx',
  phone: '79161112233',
  line: null,
  at: Date.parse('2026-11-26T09:00:00Z'),
  tried: [],
};

it('keeps answering and drops excess decisions while the store hangs, and stores them again afterwards', async () => {
  const held: ((results: readonly WriteResult[]) => void)[] = [];
  let away = true;
  const done: readonly WriteResult[] = [{ ok: true, changes: [], followUps: [] }];
  const store = {
    apply: () => (away ? new Promise((resolve) => held.push(resolve)) : Promise.resolve(done)),
    onNews: () => undefined,
    directory: { hits: () => [], choice: () => null, client: () => null },
  } as unknown as Store;
  const { config } = toConfig({ managers: [{ id: 'a', name: 'Anna', extensions: ['101'] }] });
  const intake = new Intake(store, silentLogger);
  const answering = new Answering({ config, store, intake, log: silentLogger });
  const ask = (n: number) => {
    const question: RouteQuestion = { ...asked, call: eventKey('pbx', `${n}`) };
    return answering.keep(question, answering.answer({ ...asked, call: null }));
  };
  const kept = Array.from({ length: maxWaiting }, (_, n) => ask(n));
  await ask(maxWaiting);
  expect(held).toHaveLength(maxWaiting);
  away = false;
  for (const resolve of held) resolve(done);
  await Promise.all(kept);
  const before = intake.counts.accepted;
  await ask(maxWaiting + 1);
  expect(held).toHaveLength(maxWaiting);
  expect(intake.counts.accepted).toBe(before + 1);
});

it.each([
  ['78005553535', { connection: 'pbx', dialled: '78005553535' }],
  ['hotline', { connection: 'pbx', dialled: 'hotline' }],
  ['s', null],
  [null, null],
])('stores with the decision the configured line that was asked for: %s', async (line, stored) => {
  const applied: Write[] = [];
  const store = {
    apply: (writes: readonly Write[]) => {
      applied.push(...writes);
      return Promise.resolve(writes.map(() => ({ ok: true, changes: [], followUps: [] })));
    },
    onNews: () => undefined,
    directory: { hits: () => [], choice: () => null, client: () => null },
  } as unknown as Store;
  const { config } = toConfig({ lines: [{ id: 'hotline', channel: 'call', address: '78005553535' }] });
  const answering = new Answering({ config, store, intake: new Intake(store, silentLogger), log: silentLogger });
  const question: RouteQuestion = { ...asked, line, call: eventKey('pbx', '1') };
  await answering.keep(question, answering.answer({ ...question, call: null }));
  expect(applied).toMatchObject([{ op: 'routed', line: stored }]);
});
