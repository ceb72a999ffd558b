import { describe, expect, it } from 'vitest';
import { geoUri, id, moment, parseJson } from '../../../src/runtime/http/fields.ts';

describe('reading fields of service responses', () => {
  it('keeps ids beyond 2^53 exact, and everything else unchanged', () => {
    const text =
      '{"a":12345678901234567890,"b":-9007199254740993,"c":1.1234567890123457,"d":1e20,"e":"x 1234567890123456789 \\" 1234567890123456789"}';
    expect(parseJson(text)).toEqual({
      a: '12345678901234567890',
      b: '-9007199254740993',
      c: 1.1234567890123457,
      d: 1e20,
      e: 'x 1234567890123456789 " 1234567890123456789',
    });
  });

  it('handles invalid JSON fast', () => {
    expect(parseJson(`"${'\\"'.repeat(1_000_000)}`)).toBeNull();
  });

  it('returns no id, time or location for invalid values', () => {
    expect([id(1.5), id({}), id(''), id('a\u0000b')]).toEqual([null, null, null, 'a b']);
    expect([moment('x', 1, 7), moment(1e300, 1000, 7), moment(-1, 1, 7)]).toEqual([7, 7, 7]);
    expect([geoUri(55.7, 37.6), geoUri('x', 1)]).toEqual(['geo:55.7,37.6', null]);
  });
});
