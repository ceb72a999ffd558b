import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCases, FieldOffice } from '../../support/field-calls.ts';
import { differ } from '../../support/field-match.ts';

/**
 * Plays every stream of `field-cases/calls` and `own-cases/calls` through the gateway and compares the result. A new kind of expectation is a key of
 * `FieldCase` in `test/support/field-calls.ts` and a line here.
 */
describe.each(['field-cases', 'own-cases'] as const)('calls of %s', (folder) => {
  const { cases: all, steps } = callCases(folder);
  const office = new FieldOffice();
  beforeAll(() => office.open());
  afterAll(() => office.close());

  // FastAGI and sound files have tests of their own.
  const cases = Object.entries(all).filter(([file, one]) => !file.endsWith('.txt') && !('files' in one));

  it.each(cases)('%s', { timeout: 30_000 }, async (file, one) => {
    const result = await office.play(steps(file, one.args), one);

    if (one.interactions !== undefined) expect(differ(one.interactions, result.interactions)).toBeNull();
    if (one.leads !== undefined) expect(result.leads.length, 'leads').toBe(one.leads);
    if (one.tasks !== undefined) expect(result.tasks.length, 'tasks').toBe(one.tasks);
    if (one.pops !== undefined) expect(result.pops).toEqual(one.pops);
    for (const interaction of one.most === undefined ? [] : result.interactions) {
      expect(interaction.legs.length).toBeLessThanOrEqual(one.most?.legs ?? 0);
      expect(Buffer.byteLength(JSON.stringify(interaction))).toBeLessThanOrEqual(one.most?.bytes ?? 0);
    }
  });
});
