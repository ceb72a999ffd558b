import { expect, it } from 'vitest';
import { Answerer } from '../../src/answering/thread/answerer.ts';
import type { FromThread } from '../../src/answering/thread/messages.ts';
import type { RoutingReader } from '../../src/domain/directory/client.ts';
import { head, manager, plan, question } from '../router/facts.ts';

const known = head('c1', { responsible: 'anna' });
const directory: RoutingReader = {
  hits: () => [{ client: known, contact: null }],
  choice: () => null,
  client: () => known,
  lastTalker: () => null,
};
const start = {
  country: 'RU',
  plan: plan(),
  staff: { managers: [manager('anna', { extensions: ['101'] }), manager('boris', { extensions: ['102'] })], lines: [] },
  devices: [],
  turns: {},
};

function answerer(change: Partial<ConstructorParameters<typeof Answerer>[0]> = {}) {
  const posted: FromThread[] = [];
  const made = new Answerer({
    start,
    directory: () => directory,
    post: (message) => void posted.push(message),
    ...change,
  });
  return { made, posted };
}

it('answers with the responsible manager, using the latest device states', () => {
  const { made } = answerer();
  expect(made.answer(question()).decision).toBe('responsible');
  made.handle({ type: 'devices', reports: [{ connection: 'pbx', extension: '101', state: 'in_use' }] });
  expect(made.answer(question()).decision).toBe('default');
});

it('gives the default answer if the directory is broken, and logs that at most once a second', () => {
  let now = 0;
  const broken = () => {
    throw new Error('no such table');
  };
  const { made, posted } = answerer({ directory: broken, elapsed: () => now });
  expect(made.answer(question()).decision).toBe('default');
  made.answer(question());
  now = 1500;
  made.answer(question());
  expect(posted).toEqual([
    { type: 'trouble', message: 'no such table' },
    { type: 'trouble', message: 'no such table' },
  ]);
  expect(made.meter.read()).toMatchObject({ asked: 3, failed: 3, decisions: { default: 3 } });
});

it('gives the default answer after the deadline', () => {
  let now = 0;
  const slow = {
    ...directory,
    hits: () => {
      now += 501;
      return [];
    },
  };
  const { made } = answerer({ directory: () => slow, elapsed: () => now });
  const answer = made.answer(question());
  expect(answer.decision).toBe('default');
  expect(answer.trace[0]?.why).toContain('deadline');
  expect(made.meter.read()).toMatchObject({ late: 1, asked: 1 });
});

it('gives the next caller the next turn without waiting for a commit', () => {
  const rotating = plan({
    fallback: { kind: 'group', id: 'g' },
    groups: { g: { id: 'g', members: ['anna', 'boris'], strategy: 'rotate', queue: null } },
  });
  const nobody = { ...directory, hits: () => [] };
  const { made } = answerer({ start: { ...start, plan: rotating }, directory: () => nobody });
  const turns = [1, 2, 3].map(() => made.answer(question()).turn?.manager);
  expect(turns).toEqual(['anna', 'boris', 'anna']);
});

it('drops and counts reports that the main thread does not accept, and keeps answering', () => {
  const { made, posted } = answerer({ maxInFlight: 2 });
  const report = () => made.report(question(), made.answer(question()));
  for (let i = 0; i < 5; i++) report();
  made.flush();
  expect(posted).toMatchObject([{ type: 'asked', asked: [{}, {}] }]);
  expect(made.meter.read()).toMatchObject({ asked: 5, dropped: 3 });
  made.handle({ type: 'taken', count: 2 });
  report();
  made.flush();
  expect(posted).toHaveLength(2);
});
