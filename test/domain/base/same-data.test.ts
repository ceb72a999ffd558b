import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameData } from '../../../src/domain/base/same-data.ts';

describe('comparing data', () => {
  it('treats a value and its copy from JSON as equal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (data) => sameData(data, JSON.parse(JSON.stringify(data)))),
    );
  });

  it('detects every difference', () => {
    expect(sameData({ legs: [{ end: null }] }, { legs: [{ end: 1 }] })).toBe(false);
    expect(sameData({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(sameData([1, 2], [1])).toBe(false);
    expect(sameData([], {})).toBe(false);
    expect(sameData({}, null)).toBe(false);
  });

  it('treats an absent key as undefined', () => {
    expect(sameData({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  });
});
