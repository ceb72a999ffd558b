import { describe, expect, it } from 'vitest';
import type { Suggestion } from '../../src/domain/interaction/interaction.ts';
import { offersOf } from '../../web/src/pages/desk/card/suggestion-offers.ts';

const open = (value: string): Suggestion => ({
  kind: 'phone',
  value,
  ext: null,
  state: 'open',
  client: null,
  by: null,
  at: null,
});
const client = { id: 'c', name: 'C', kind: 'company', url: null } as never;
const other = { id: 'd', name: 'D' };
const [free, theirs] = [open('+7 1'), open('+7 2')];
const known = { 'phone +7 1': [], 'phone +7 2': [other] };

describe('what a card offers of the numbers and addresses in a text', () => {
  it('includes adding unknown ones, and names the owners of the others', () => {
    expect(offersOf({ suggestions: [free, theirs], client }, known)).toEqual([
      { suggestion: free, owners: [], addTo: client, choices: [] },
      { suggestion: theirs, owners: [other], addTo: null, choices: [] },
    ]);
  });

  it('includes the owners as clients while the client is unknown', () => {
    expect(offersOf({ suggestions: [free, theirs], client: null }, known)).toEqual([
      { suggestion: free, owners: [], addTo: null, choices: [] },
      { suggestion: theirs, owners: [other], addTo: null, choices: [other] },
    ]);
  });

  it('omits what the client has already, what is decided, and what is not loaded yet', () => {
    const has = { ...known, 'phone +7 2': [other, { id: 'c', name: 'C' }] };
    const settled: Suggestion = { ...free, state: 'dismissed' };
    expect(offersOf({ suggestions: [settled, theirs, open('+7 3')], client }, has)).toEqual([]);
    expect(offersOf({ client } as never, known)).toEqual([]);
  });
});
