import { expect, it } from 'vitest';
import { parseTask } from '../../../src/domain/follow-up/follow-up.ts';

it('reads tasks of versions that did not count contacts', () => {
  const stored = { id: 't', kind: 'call_back', state: 'open', interaction: 'i' };
  expect(parseTask(JSON.stringify(stored))).toEqual({ ...stored, latest: 'i', contacts: 1, escalatedAt: null });
  expect(parseTask(JSON.stringify({ ...stored, interaction: null }))).toMatchObject({ latest: null, contacts: 0 });
});
