import { describe, expect, it } from 'vitest';
import type {
  Comparable,
  Difference,
  ExpectedContact,
  Mending,
  RemoteContact,
} from '../../../src/crm/shared/compare/comparable.ts';
import { comparePeriod } from '../../../src/crm/shared/compare/compare.ts';
import { Matcher } from '../../../src/crm/shared/compare/matcher.ts';
import { repair } from '../../../src/crm/shared/compare/repair.ts';
import type { InteractionId } from '../../../src/domain/base/ids.ts';
import type { Write, WriteResult } from '../../../src/domain/ports/writes.ts';
import { reason } from '../../../src/domain/reasons/reasons.ts';
import { ServiceError } from '../../../src/runtime/http/service-error.ts';

const id = (text: string) => text as InteractionId;
const { signal } = new AbortController();

function expected(more: Partial<ExpectedContact> = {}): ExpectedContact {
  const one = { interaction: id('a'), channel: 'call', item: 'call 1', remote: 'r1', isDeletable: false } as const;
  return { ...one, facts: {}, ...more };
}

function remote(more: Partial<RemoteContact> = {}): RemoteContact {
  const one = { interaction: id('a'), channel: 'call', item: 'call 1', id: 'r1', companion: null } as const;
  return { ...one, facts: {}, ...more };
}

const kinds = (differences: readonly Difference[]) => differences.map(({ kind }) => kind);

describe('the matcher of a comparison', () => {
  it('knows by the ledger what has no mark of ours there', () => {
    const matcher = new Matcher([expected()]);
    expect(matcher.take(remote({ interaction: null, item: 'call', id: 'r2' }))).toBe(false);
    expect(matcher.take(remote({ interaction: null, item: 'call' }))).toBe(true);
    expect(matcher.differences).toEqual([]);
  });

  it('takes the one that the ledger names for ours, else the earliest, and the others for doubled', () => {
    const named = new Matcher([expected({ remote: 'r2' })]);
    const unnamed = new Matcher([expected({ remote: null })]);
    for (const matcher of [named, unnamed]) for (const one of ['r1', 'r2', 'r2']) matcher.take(remote({ id: one }));
    expect(named.differences).toMatchObject([{ kind: 'doubled', remote: { id: 'r1' } }]);
    expect(unnamed.differences).toMatchObject([{ kind: 'doubled', remote: { id: 'r2' } }]);
  });

  it('tells what was never there from what may have been deleted', () => {
    const all = [
      expected(),
      expected({ item: 'card', isDeletable: true }),
      expected({ item: 'activity', isDeletable: true, remote: null }),
    ];
    expect(kinds(new Matcher(all).differences)).toEqual(['missing', 'deleted', 'missing']);
  });

  it('compares only facts that both sides state', () => {
    const matcher = new Matcher([expected({ facts: { seconds: 30, recording: true, person: '1' } })]);
    matcher.take(remote({ facts: { seconds: 31, recording: true, status: '200' } }));
    expect(matcher.differences).toMatchObject([{ kind: 'different', fact: 'seconds', ours: 30, theirs: 31 }]);
  });
});

/** A core for which nothing is known but what a test says. */
function core(more: Partial<Comparable> = {}): Comparable {
  return {
    expectedOf: async () => [],
    remoteContacts: async function* () {},
    find: async () => [],
    mendingOf: async () => ({ kind: 'mend', removes: [], ledger: [] }),
    remove: async () => undefined,
    ...more,
  };
}

describe('what belongs to no contact of the period', () => {
  const began = (startedAt: string) => async () => ({ startedAt }) as never;
  const period = { from: Date.parse('2026-11-30T00:00:00Z'), until: Date.parse('2026-12-01T00:00:00Z') };
  const surplusOf = async (interaction: (of: InteractionId) => Promise<never>) => {
    const read = {
      interaction,
      interactionsBetween: async () => ({ items: [], next: null }),
      owedOf: async () => [],
    };
    const other = core({
      remoteContacts: async function* () {
        yield remote();
      },
    });
    return (await comparePeriod(period, { core: other, destination: 'crm', read, signal })).surplus;
  };

  it('is surplus, unless its contact began on another day', async () => {
    expect(await surplusOf(async () => null as never)).toBe(1);
    expect(await surplusOf(began('2026-11-30T10:00:00.000Z'))).toBe(1);
    expect(await surplusOf(began('2026-11-29T23:59:00.000Z'))).toBe(0);
  });
});

describe('a repair', () => {
  const startedAt = '2026-11-30T10:00:00.000Z';
  const mend = (step: string, removes: readonly string[] = []): Mending => ({
    kind: 'mend',
    removes,
    ledger: [{ step, state: null, remote: null }],
  });
  const missing = (interaction: string, mending: Mending, item = 'call 1') => ({
    difference: { kind: 'missing', expected: expected({ interaction: id(interaction), item }) } as const,
    startedAt,
    mending,
  });

  /** Repairs with a store that answers `result`. Returns what was done, in order. */
  async function done(
    found: Parameters<typeof repair>[0],
    {
      result = { ok: true, changes: [], followUps: [] } as WriteResult,
      remove = async (_: string): Promise<void> => undefined,
    } = {},
  ) {
    const acts: unknown[] = [];
    const apply = async (writes: readonly Write[]) => {
      acts.push(...writes.map((write) => (write.op === 'deliver-again' ? [write.of.subject, write.ledger] : write)));
      return writes.map(() => result);
    };
    const parts = {
      ...{ destination: 'crm', clock: { now: () => 1 }, signal, restore: false, apply },
      core: core({
        remove: async (one) => {
          await remove(one);
          acts.push(one);
        },
      }),
    };
    const ending = await repair(found, parts, (_, how) => acts.push(how)).catch((error: Error) => error.name);
    return { acts, ending };
  }

  it('owes a contact once, whatever differs of it, after what is too much was removed', async () => {
    const found = [missing('a', mend('x')), missing('b', mend('z')), missing('a', mend('y', ['7']), 'call 2')];
    const step = (name: string) => ({ step: name, state: null, remote: null });
    expect((await done(found)).acts).toEqual([
      ...['7', ['a', [step('x'), step('y')]], 'owed', 'owed'],
      ...[['b', [step('z')]], 'owed'],
    ]);
  });

  it('leaves alone what is in delivery again', async () => {
    const result = { ok: false, code: 'conflict', message: '' } as const;
    expect((await done([missing('a', mend('x'))], { result })).acts.at(-1)).toBe('busy');
  });

  it('ends with the first removal that fails, before the ledger is touched', async () => {
    const remove = () => Promise.reject(new ServiceError('unreachable', reason('unexplained')));
    const found = [missing('a', mend('x', ['7'])), missing('b', mend('y'))];
    expect(await done(found, { remove })).toEqual({ acts: [], ending: 'ServiceError' });
  });
});
