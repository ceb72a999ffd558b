import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallLeg, CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { CallCommands, type NextTelephone } from '../../src/outbound/call-commands.ts';
import { DeclinedCalls } from '../../src/outbound/declined-calls.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { ringingCall, ringingLeg } from '../support/office.ts';
import { storeUrl } from '../support/test-store.ts';

const next: NextTelephone = {
  extension: '102',
  route: {
    decision: 'deputy',
    rule: null,
    to: '102',
    managers: [],
    trace: [],
    at: '2026-01-01T00:00:00.000Z',
  } as never,
};
const declinedLeg: CallLeg = { ...ringingLeg, endedAt: (ringingLeg.rangAt ?? 0) + 3000, outcome: 'rejected' };

describe('calls that were declined', () => {
  let dir: string;
  let store: Store;
  let calls: DeclinedCalls;
  let allowed: string[];
  let asked: (readonly string[])[];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'patchbay-declined-'));
    store = await openStore({ url: storeUrl(join(dir, 'a.db')), country: 'RU', publicUrl: 'http://pb' });
    allowed = ['pbx'];
    asked = [];
    const commands = new CallCommands({
      read: store.read,
      apply: (writes) => store.apply(writes),
      staff: () => ({ managers: [], lines: [] }) as never,
      next: (_call, tried) => {
        asked.push(tried);
        return tried.includes('102') ? null : next;
      },
      clock: { now: () => Date.now() },
    });
    const isAllowed = (connection: string | null) => connection === null || allowed.includes(connection);
    calls = new DeclinedCalls({ commands, isAllowed, log: silentLogger });
  });
  afterEach(async () => {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function tell(legs: readonly CallLeg[], more: Partial<CallSnapshot> = {}): Promise<void> {
    const [result] = await store.apply([{ op: 'contact', event: ringingCall('a', { legs, ...more }) }]);
    if (result?.ok !== true) throw new Error(result?.message);
    for (const { interaction } of result.changes) calls.handle(interaction);
  }
  const queued = () => store.read.outboundDue('pbx', Date.now() + 1, 10);

  it('are sent to whom routing names next, once for each decline', async () => {
    await tell([ringingLeg]);
    await tell([declinedLeg]);
    await tell([declinedLeg], { party: { raw: '89161234567', name: 'Ivan', withheld: false } });
    await vi.waitFor(async () => expect(await queued()).toHaveLength(1));
    expect(await queued()).toMatchObject([{ content: { command: { action: 'pass_on', end: null, to: '102' } } }]);
    expect(asked).toEqual([['101']]);
    const second = { ...declinedLeg, extension: '102', outcome: 'busy' } as const;
    await tell([declinedLeg, second]);
    expect(asked).toEqual([['101'], ['101', '102']]);
    expect(await queued()).toHaveLength(1);
  });

  it('stay in the dialplan while another telephone or a queue still rings, and after a talk', async () => {
    await tell([declinedLeg, { ...ringingLeg, extension: '103' }]);
    await tell([{ ...ringingLeg, kind: 'queue', extension: '600' }, declinedLeg]);
    await tell([{ ...declinedLeg, extension: '104', talkedAt: ringingLeg.rangAt, outcome: 'answered' }, declinedLeg]);
    await tell([{ ...declinedLeg, outcome: 'no_answer' }]);
    expect(asked).toEqual([]);
  });

  it('stay in a dialplan that the administrator did not release', async () => {
    allowed = [];
    await tell([declinedLeg]);
    expect(asked).toEqual([]);
  });

  it('stay where they are once the caller has left', async () => {
    await tell([declinedLeg], { state: 'missed', endedAt: (ringingLeg.rangAt ?? 0) + 4000 });
    expect(asked).toEqual([]);
  });
});
