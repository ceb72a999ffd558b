import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ItoolabsSchema } from '../../../src/crm/itoolabs/schema.ts';
import type { Destination } from '../../../src/domain/delivery/destination.ts';
import { type Interaction, isLive } from '../../../src/domain/interaction/interaction.ts';
import type { Change } from '../../../src/domain/ports/writes.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLogger } from '../../../src/runtime/log.ts';
import { manager } from '../../support/calls.ts';
import { coresOf } from '../../support/cores.ts';
import { callCases, FieldOffice } from '../../support/field-calls.ts';
import { type Onec, startOnec } from '../../support/onec/onec.ts';

const extensions = ['101', '102', '103', '112', '115', '201', '202'];

/** Calls that people reported, each change of them told to УНФ. */
describe('calls of field-cases in УНФ', () => {
  const { cases: all, steps } = callCases('field-cases');
  const office = new FieldOffice();
  let onec: Onec;
  let core: Destination;

  beforeAll(async () => {
    await office.open();
    onec = await startOnec({ preset: 'unf', telephony: { key: 'key' }, keepRequests: false });
    const late = { oldest: 365 };
    const settings = Value.Default(ItoolabsSchema, { kind: 'itoolabs', url: onec.telephonyUrl, key: 'key', late });
    const managers = extensions.map((extension) => manager(`m${extension}`, extension));
    const parts = { store: office.store, intake: office.intake, clock: systemClock, log: silentLogger } as never;
    const staff = () => ({ managers, lines: [] });
    const [one] = coresOf(parts, { unf: settings as { readonly kind: string } }, { staff }).destinations;
    if (one === undefined) throw new Error('no destination');
    core = one.destination;
  });
  afterAll(async () => {
    await onec.close();
    await office.close();
  });

  const cases = Object.entries(all).filter(([file, one]) => !/\.(txt|mjs)$/.test(file) && !('files' in one));

  it.each(cases)('%s', { timeout: 60_000 }, async (file, one) => {
    let reported: Promise<unknown> = Promise.resolve();
    const stop = office.intake.changes.on('change', ({ interaction }: Change) => {
      // Calls between colleagues are left out by the filter of the core.
      if (interaction.channel !== 'call' || interaction.direction === 'internal') return;
      reported = reported.then(async () => {
        const result = await core.deliver({ kind: 'interaction', interaction }, AbortSignal.timeout(20_000));
        expect(result.kind, JSON.stringify(result)).toBe('done');
      });
    });
    const { interactions } = await office.play(steps(file, one.args), one);
    await reported;
    stop();
    const calls = interactions.filter(({ channel }) => channel === 'call');
    expect(calls.map((call) => [call.id, seenOf(call)])).toEqual(calls.map((call) => [call.id, expected(call)]));
  });

  /** What УНФ has of a call: its records, and whether it stands in the contact centre. */
  function seenOf({ id }: Interaction) {
    const records = onec.view.records('ДанныеЗвонков').filter((row) => row.ИдентификаторЗвонкаВАТС === id);
    const events = new Set(records.map((row) => row.Событие_Key));
    return {
      calls: records.map((row) => ({
        direction: row.ВходящееИсходящее,
        isOver: row.ВызовЗавершен,
        isUnanswered: row.Неотвеченный,
        seconds: Number(row.ДлительностьРазговора),
      })),
      missed: onec.view.records('КонтактЦентрВходящее').filter(({ Источник }) => events.has(Источник ?? '')).length,
    };
  }

  function expected({ state, direction, legs, automatic, talkSeconds, problem }: Interaction) {
    const isNone = direction === 'internal' || isLive(state) || (state === 'failed' && legs.length === 0 && problem);
    if (isNone) return { calls: [], missed: 0 };
    const isUnanswered = state !== 'answered' && automatic === null;
    const seconds = state === 'answered' ? Math.max(1, talkSeconds ?? 0) : 0;
    const shown = direction === 'inbound' ? 'Входящее' : 'Исходящее';
    return {
      calls: [{ direction: shown, isOver: true, isUnanswered, seconds }],
      missed: isUnanswered && direction === 'inbound' ? 1 : 0,
    };
  }
});
