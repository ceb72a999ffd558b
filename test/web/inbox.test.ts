import { expect, it } from 'vitest';
import { filtersIn, narrowing, queryOf } from '../../web/src/pages/inbox/filters.ts';
import { allToggled, moved, nothingSelected, pruned, toggled } from '../../web/src/pages/inbox/selection.ts';

const ids = ['a', 'b', 'c', 'd'];
const selected = (of: { readonly selected: ReadonlySet<string> }) => [...of.selected].sort().join('');

it('keeps the filters in the address', () => {
  const filters = { scope: 'all', state: 'open', channel: 'email', line: 'main', olderThan: 60 } as const;
  expect(filtersIn(Object.fromEntries(new URLSearchParams(queryOf(filters))))).toEqual(filters);
  expect(queryOf(filtersIn({}))).toBe('');
  expect(narrowing(filters)).toEqual({ channel: 'email', line: 'main', olderThan: '60' });
  expect(narrowing(filtersIn({}))).toEqual({});
});

it('ignores what an address should not have', () => {
  expect(filtersIn({ scope: 'theirs', state: 'x', channel: 'call', olderThan: '-5' })).toEqual(filtersIn({}));
  expect(filtersIn({ olderThan: '999999' }).olderThan).toBe(525_600);
});

it('selects a row, and takes it out again', () => {
  const one = toggled(nothingSelected, ids, 'b');
  expect(one).toMatchObject({ current: 'b', anchor: 'b' });
  expect(selected(toggled(one, ids, 'b'))).toBe('');
});

it('selects a range with shift, in both directions', () => {
  const one = toggled(nothingSelected, ids, 'b');
  expect(selected(toggled(one, ids, 'd', true))).toBe('bcd');
  expect(selected(toggled(one, ids, 'a', true))).toBe('ab');
});

it('moves by arrows, and extends the selection with shift', () => {
  const first = moved(nothingSelected, ids, 1, false);
  expect(first).toMatchObject({ current: 'a' });
  expect(moved(first, ids, -1, false).current).toBe('a');
  const two = moved(first, ids, 1, true);
  expect([two.current, selected(two), selected(moved(two, ids, 1, true))]).toEqual(['b', 'ab', 'abc']);
  expect(moved(nothingSelected, ids, -1, false).current).toBe('d');
  expect(moved(nothingSelected, [], 1, true)).toEqual(nothingSelected);
});

it('selects all or none, and forgets rows that have gone', () => {
  const all = allToggled(nothingSelected, ids);
  expect([selected(all), selected(allToggled(all, ids))]).toEqual(['abcd', '']);
  expect(pruned({ ...all, current: 'a', anchor: 'b' }, ['b', 'c'])).toMatchObject({ current: null, anchor: 'b' });
  expect(selected(pruned(all, ['b', 'c']))).toBe('bc');
});
