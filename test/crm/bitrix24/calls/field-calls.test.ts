import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import type { Destination } from '../../../../src/domain/delivery/destination.ts';
import { type Interaction, isLive } from '../../../../src/domain/interaction/interaction.ts';
import type { Change } from '../../../../src/domain/ports/writes.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import { manager } from '../../../support/calls.ts';
import { coresOf } from '../../../support/cores.ts';
import { callCases, FieldOffice } from '../../../support/field-calls.ts';

const extensions = ['101', '102', '103', '112', '115', '201', '202'];

/** Calls that people reported, each change of them delivered to a portal. */
describe.each(['field-cases', 'own-cases'] as const)('calls of %s at the portal', (folder) => {
  const { cases: all, steps } = callCases(folder);
  const office = new FieldOffice();
  let portal: Portal;
  let core: Destination;

  beforeAll(async () => {
    await office.open();
    portal = await startPortal({
      users: [
        ...extensions.map((extension) => ({ id: Number(extension), name: extension, extension })),
        { id: 9, name: 'Owner', admin: true },
      ],
      rate: 'off',
      webhookCallsRefused: false,
      keepRequests: false,
      webhooks: [{ userId: 9, secret: 'hook', scopes: ['crm', 'telephony', 'user'] }],
    });
    const users = Object.fromEntries(extensions.map((extension) => [`m${extension}`, Number(extension)]));
    const settings = {
      kind: 'bitrix24',
      webhook: portal.webhookUrl(9, 'hook'),
      users,
      limits: { perSecond: 0 },
      unknown: 'none',
    };
    const b24 = Value.Default(Bitrix24Schema, settings) as typeof settings;
    const { store, intake } = office;
    const managers = extensions.map((extension) => manager(`m${extension}`, extension));
    const staff = () => ({ managers, lines: [] });
    const parts = { store, intake, clock: systemClock, log: silentLogger } as never;
    const [one] = coresOf(parts, { b24 }, { staff }).destinations;
    if (one === undefined) throw new Error('no destination');
    core = one.destination;
  });
  afterAll(async () => {
    await portal.close();
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
    expect(calls.map((call) => [call.id, rowsOf(call)])).toEqual(calls.map((call) => [call.id, expected(call)]));
    if (calls.every(({ state }) => !isLive(state))) expect(openCards()).toEqual([]);
    expect(portal.state.complaints).toEqual([]);
  });

  function openCards(): readonly number[] {
    return [...portal.state.calls.values()].flatMap(({ shownTo }) => [...shownTo]);
  }

  /** What the portal's statistics show of a call: how many calls, whether successful, and the users who talked. */
  function rowsOf({ id }: Interaction) {
    const rows = [...portal.state.statistics.values()].filter((row) => row.externalCallId?.startsWith(id));
    return {
      count: rows.length,
      successful: rows.filter(({ status }) => status === 1).length,
      missed: rows.filter(({ type, code, duration }) => type === 2 && code === '304' && duration === 0).length,
      last: rows.at(-1)?.status === 1 ? rows.at(-1)?.userId : null,
    };
  }

  function expected({ state, direction, legs, handledBy, automatic, problem }: Interaction) {
    const isNone = direction === 'internal' || isLive(state) || (state === 'failed' && legs.length === 0 && problem);
    if (isNone) return { count: 0, successful: 0, missed: 0, last: null };
    const talked = legs.filter((leg) => ['extension', 'mobile'].includes(leg.kind) && leg.talkedAt !== null);
    const talkers = new Set(talked.flatMap(({ manager, extension }) => manager?.id ?? extension ?? []));
    const count = state === 'answered' ? Math.max(1, talkers.size) : 1;
    const isMiss = state === 'missed' && automatic === null;
    return {
      count,
      successful: state === 'answered' ? count : 0,
      missed: isMiss ? 1 : 0,
      last: state === 'answered' ? Number(handledBy?.id.slice(1) ?? 9) : null,
    };
  }
});
