import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameData } from '../../../src/domain/base/same-data.ts';

describe('the same data', () => {
  it('is what reads back the same from its text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (data) => sameData(data, JSON.parse(JSON.stringify(data)))),
    );
  });

  it('is told apart wherever it differs', () => {
    expect(sameData({ legs: [{ end: null }] }, { legs: [{ end: 1 }] })).toBe(false);
    expect(sameData({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(sameData([1, 2], [1])).toBe(false);
    expect(sameData([], {})).toBe(false);
    expect(sameData({}, null)).toBe(false);
  });

  it('does not mind an absent key', () => {
    expect(sameData({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  });
});
