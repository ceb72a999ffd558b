import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLetter } from '../../../src/connectors/mail/parse/letter.ts';
import { rtfText, unpackRtf } from '../../../src/connectors/mail/parse/rtf.ts';
import { raw } from './support.ts';
import { mapiProperties, tnef } from './tnef.ts';

/** The examples of [MS-OXRTFCP] 3.1 and 3.2. */
const hello = bytes(
  '2d0000002b0000004c5a4675f1c5c7a703000a0072637067313235423 20af32068656c090020627705b06c647d0a800fa0',
);
const crossing = bytes('1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0');

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

const text = (rtf: string) => rtfText(Buffer.from(rtf, 'latin1'));

describe('compressed RTF', () => {
  it('is decompressed as in its specification', () => {
    expect(Buffer.from(unpackRtf(hello) ?? []).toString()).toBe('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n');
    expect(Buffer.from(unpackRtf(crossing) ?? []).toString()).toBe('{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}');
    const plain = Buffer.concat([bytes('1000000004000000 4d454c41 00000000'), Buffer.from('{\\x}')]);
    expect(Buffer.from(unpackRtf(plain) ?? []).toString()).toBe('{\\x}');
    expect(unpackRtf(bytes('00'))).toBeNull();
    expect(unpackRtf(Buffer.alloc(40))).toBeNull();
  });

  it('stops at truncated or damaged data, and its output is bounded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (rest, honest) => {
        const head = honest ? hello.subarray(0, 16) : bytes('ffffffff ffffffff 4c5a4675 00000000');
        const unpacked = unpackRtf(Buffer.concat([head, rest]));
        expect(unpacked?.length).toBeLessThanOrEqual((rest.length + 16) * 9);
        rtfText(unpacked ?? new Uint8Array());
      }),
      { seed: 9, numRuns: 1000 },
    );
  });

  it.each([
    [
      "{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Arial;}}\\f0 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2\\par 10 \\\\ \\{x\\}}",
      'Привет\n10 \\ {x}',
    ],
    ['{\\rtf1\\ansi\\uc1 \\u1055?\\u1088?{\\uc2 \\u1080??}\\u-10179?\\u-8704?}', 'При😀'],
    ['{\\rtf1{\\*\\htmltag84 <b>}a\\~b{\\*\\htmltag92 </b>}\\tab c\\line d{\\pict 0123}}', 'a\u00a0b\tc\nd'],
    ['{\\rtf1 not closed {and {deeper', 'not closed and deeper'],
  ])('%s is read as text', (rtf, words) => {
    expect(text(rtf)).toBe(words);
  });

  it('provides the text of a winmail.dat without another body', async () => {
    const packed = tnef([[1, 0x00069003, mapiProperties({ 4105: hello })]]);
    const headers = { 'content-type': 'application/ms-tnef; name=winmail.dat', 'content-transfer-encoding': 'base64' };
    const { letter, files } = await parseLetter(raw(headers, packed.toString('base64')));
    expect(letter.text).toBe('hello world');
    expect(files).toMatchObject([{ name: 'winmail.dat' }]);
  });
});
