import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger, RemoteStep, Unrecorded } from '../../src/crm/ledger.ts';
import { openLedger } from '../../src/crm/ledger.ts';
import { ServiceError } from '../../src/runtime/http/service-error.ts';
import { type Office, openOffice } from '../support/office.ts';
import { because } from '../support/written.ts';

describe('the ledger of a subject', () => {
  let office: Office;
  const unrecorded: Unrecorded = new Map();
  const of = { destination: 'crm', kind: 'interaction', subject: 'i1' } as const;

  beforeEach(async () => {
    office = await openOffice({ users: false });
  });
  afterEach(() => office.close());

  /** The ledger of one delivery attempt. */
  const open = (): Ledger =>
    openLedger(of, {
      read: office.store.read,
      apply: (writes) => office.intake.apply(writes),
      clock: office.clock,
      unrecorded,
    });
  const never = () => Promise.reject(new Error('must not be called'));
  const step = (call: RemoteStep['call'], settle: RemoteStep['settle'] = never): RemoteStep => ({
    name: 'register',
    call,
    settle,
  });
  const written = async () => {
    await Promise.all(unrecorded.values());
    return (await office.store.read.ledger(of)).map(({ state, remote }) => ({ state, remote }));
  };

  it('records a step before and after its call, and runs it once', async () => {
    let during: unknown;
    const call = async () => {
      during = await written();
      return '42';
    };
    expect(await open().once(step(call))).toBe('42');
    expect(during).toEqual([{ state: 'intended', remote: null }]);
    expect(await written()).toEqual([{ state: 'done', remote: '42' }]);
    expect(await open().once(step(never))).toBe('42');
  });

  it('checks a step that the program’s end interrupted, and does not repeat a completed one', async () => {
    await office.store.apply([{ op: 'ledger', of, step: 'register', state: 'intended', remote: null, at: 1 }]);
    expect(await open().once(step(never, async () => ({ done: true, remote: '7' })))).toBe('7');
    expect(await written()).toEqual([{ state: 'done', remote: '7' }]);
  });

  it('repeats a step that proves not to have arrived, and waits while that is unknown', async () => {
    const lost = new ServiceError('unknown', because('it did not answer in time'));
    await expect(open().once(step(() => Promise.reject(lost)))).rejects.toBe(lost);
    expect(await written()).toEqual([{ state: 'uncertain', remote: null }]);
    const away = new ServiceError('later', because('busy'));
    await expect(open().once(step(never, () => Promise.reject(away)))).rejects.toBe(away);
    expect(await written()).toEqual([{ state: 'uncertain', remote: null }]);
    expect(
      await open().once(
        step(
          async () => '8',
          async () => ({ done: false }),
        ),
      ),
    ).toBe('8');
    expect(await written()).toEqual([{ state: 'done', remote: '8' }]);
  });

  it('waits for what the attempt before has done and not recorded yet', async () => {
    await open().once(step(async () => '42'));
    expect(await open().once(step(never))).toBe('42');
  });

  it('goes on to no further step if it could not record one, which the next attempt asks about', async () => {
    const away = new Error('the store is away');
    const broken = openLedger(of, {
      read: office.store.read,
      apply: (writes) =>
        writes.some((write) => write.op === 'ledger' && write.state === 'done')
          ? Promise.reject(away)
          : office.intake.apply(writes),
      clock: office.clock,
      unrecorded,
    });
    expect(await broken.once(step(async () => '42'))).toBe('42');
    await Promise.all(unrecorded.values());
    await expect(broken.once({ name: 'finish', call: never, settle: never })).rejects.toBe(away);
    expect(await open().once(step(never, async () => ({ done: true, remote: '42' })))).toBe('42');
  });

  it.each(['later', 'access', 'refused', 'unreachable'] as const)(
    'discards a step that was not carried out: %s',
    async (trouble) => {
      const error = new ServiceError(trouble, because('no'));
      await expect(open().once(step(() => Promise.reject(error)))).rejects.toBe(error);
      expect(await written()).toEqual([]);
    },
  );

  it('closes steps that a complete delivery has left behind', async () => {
    await open().once(step(async () => '1'));
    for (const [name, state] of [
      ['moved 1', 'uncertain'],
      ['made', 'intended'],
    ] as const)
      await office.store.apply([{ op: 'ledger', of, step: name, state, remote: null, at: 1 }]);
    const ledger = open();
    await ledger.settleOpen(async (one) => (one.step === 'made' ? { done: true, remote: '5' } : { done: false }));
    const steps = (await ledger.steps()).map((one) => [one.step, one.state, one.remote]);
    expect(steps.toSorted()).toEqual([
      ['made', 'done', '5'],
      ['register', 'done', '1'],
    ]);
    expect((await open().steps()).length).toBe(2);
  });

  it('keeps subjects, destinations and steps separate', async () => {
    await open().once(step(async () => '1'));
    await open().once({ name: 'finish', call: async () => null, settle: never });
    expect(await office.store.read.ledger({ ...of, destination: 'other' })).toEqual([]);
    expect(await office.store.read.ledger({ ...of, kind: 'lead' })).toEqual([]);
    await Promise.all(unrecorded.values());
    expect((await office.store.read.ledger(of)).map((one) => one.step).toSorted()).toEqual(['finish', 'register']);
    expect(await open().find('finish')).toMatchObject({ state: 'done', remote: null });
    expect((await open().steps()).map((one) => one.step).toSorted()).toEqual(['finish', 'register']);
  });
});
