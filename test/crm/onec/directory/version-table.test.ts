import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { VersionTable } from '../../../../src/crm/onec/directory/version-table.ts';

const keys = Array.from({ length: 5000 }, () => randomUUID());

function filled(): VersionTable {
  const table = new VersionTable();
  for (const key of keys) table.put(key, `v ${key}`);
  return table;
}

describe('the table of versions', () => {
  it('knows what has changed and what is missing', () => {
    const table = filled();
    const [changed = '', gone = '', ...others] = keys;
    table.begin();
    expect(table.meet(changed, 'another')).toBe(false);
    expect(table.meet(randomUUID(), 'new')).toBe(false);
    expect(others.every((key) => table.meet(key, `v ${key}`))).toBe(true);
    expect(table.unmet(10)).toEqual([gone]);
    table.remove(gone);
    expect(table.has(gone)).toBe(false);
    expect(table.size).toBe(keys.length - 1);
    table.put(gone, 'again');
    expect(table.has(gone)).toBe(true);
    expect(table.meet(gone, 'again')).toBe(true);
  });

  it('has checksums of parts that show where something differs, in whatever order it was filled', () => {
    const [before, after] = [filled(), new VersionTable()];
    expect(new Set(before.checksums()).size).toBeGreaterThan(400);
    for (const key of keys.toReversed()) after.put(key, `v ${key}`);
    expect(after.checksums()).toEqual(before.checksums());
    const [changed = ''] = keys;
    after.put(changed, 'another');
    const sums = before.checksums();
    const parts = [...after.checksums().entries()].flatMap(([part, sum]) => (sum === sums[part] ? [] : [part]));
    expect(parts).toHaveLength(1);
    const suspects = [...after.keysOf(new Set(parts))];
    expect(suspects).toContain(changed);
    expect(suspects.length).toBeLessThan(50);
  });

  it('forgets removed objects when it grows', () => {
    const table = new VersionTable();
    for (const key of keys) {
      table.put(key, 'v');
      table.remove(key);
    }
    expect(table.size).toBe(0);
    expect(table.unmet(10)).toEqual([]);
    table.put(keys[0] ?? '', 'v');
    expect(table.has(keys[0] ?? '')).toBe(true);
  });
});
