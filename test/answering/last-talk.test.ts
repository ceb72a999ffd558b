import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Answering } from '../../src/answering/answering.ts';
import { toConfig } from '../../src/config/config.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { Intake } from '../../src/intake/intake.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { callStart, client, endedCall } from '../support/calls.ts';
import { storeUrl } from '../support/test-store.ts';

const day = 24 * 3600_000;
const { config } = toConfig({
  managers: [
    { id: 'a', name: 'Anna', extensions: ['101'] },
    { id: 'b', name: 'Boris', extensions: ['102'] },
  ],
  routing: { last: { within: 2 }, rules: [{ name: 'again', to: 'last' }] },
});

let directory: string;
let store: Store;
let answering: Answering;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'patchbay-last-'));
  store = await openStore({ url: storeUrl(join(directory, 'p.db')), country: 'RU', publicUrl: 'http://pb' });
  answering = new Answering({ config, store, intake: new Intake(store, silentLogger), log: silentLogger });
  await store.apply([
    { op: 'staff', staff: config, at: callStart },
    { op: 'contact', event: endedCall('1') },
    // After a change of the directory, routing knows what was committed before.
    {
      op: 'put-clients',
      clients: [client('c1', ['+79161234567', '+74950000009'], { responsible: 'b' })],
      at: callStart,
    },
  ]);
});

afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

function ask(phone: string, at: number) {
  const answer = answering.answer({ connection: 'pbx', phone, line: null, at, tried: [], call: null });
  return { rung: answer.managers.map(({ manager }) => manager.id), trace: answer.trace };
}

it('a caller reaches the manager of the last talk, from any number of the client', () => {
  expect(ask('89161234567', callStart + day).rung).toEqual(['a']);
  expect(ask('8 (495) 000-00-09', callStart + day)).toMatchObject({
    rung: ['a'],
    trace: [{}, { rule: 'again', why: 'Anna was the last to talk with the caller; Anna can be reached' }],
  });
});

it('a talk counts for the configured time', () => {
  expect(ask('89161234567', callStart + 2 * day).rung).toEqual(['a']);
  expect(ask('89161234567', callStart + 2 * day + 1)).toMatchObject({
    rung: ['b'],
    trace: [{}, { rule: 'again', why: 'nobody talked with the caller by phone in the last 2 days' }, {}],
  });
});
