import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLetter } from '../../../src/connectors/mail/parse/letter.ts';
import { unpackTnef } from '../../../src/connectors/mail/parse/tnef.ts';
import { raw } from './support.ts';
import { winmail } from './tnef.ts';

describe('winmail.dat', () => {
  it('is unpacked: files keep their names, and the body is decoded by its code page', () => {
    const unpacked = unpackTnef(winmail);
    expect(unpacked).toMatchObject({
      text: 'Смотрите файл',
      html: '<p>См',
      files: [
        { name: 'Счёт на насосы.pdf', mime: 'application/pdf', contentId: null },
        { name: 'Счёт.pdf', mime: 'application/octet-stream' },
      ],
    });
    expect(unpacked?.files.map(({ content }) => Buffer.from(content).toString())).toEqual(['%PDF', 'old']);
  });

  it('adds its files to the letter, and its body if the letter has none', async () => {
    const headers = { 'content-type': 'application/ms-tnef; name=winmail.dat', 'content-transfer-encoding': 'base64' };
    const { letter, files } = await parseLetter(raw(headers, Buffer.from(winmail).toString('base64')));
    expect(letter).toMatchObject({ text: 'Смотрите файл', html: '<p>См' });
    expect(files.map(({ name }) => name)).toEqual(['Счёт на насосы.pdf', 'Счёт.pdf']);
    const other = await parseLetter(raw(headers, Buffer.from('no TNEF').toString('base64')));
    expect(other.files).toMatchObject([{ name: 'winmail.dat' }]);
  });

  it('yields all readable parts if truncated or damaged', () => {
    const damaged = fc.tuple(
      fc.nat(winmail.length),
      fc.array(fc.tuple(fc.nat(winmail.length - 1), fc.nat(255)), { maxLength: 8 }),
    );
    fc.assert(
      fc.property(damaged, ([length, changes]) => {
        const bytes = Buffer.from(winmail);
        for (const [at, value] of changes) bytes[at] = value;
        const unpacked = unpackTnef(bytes.subarray(0, length));
        const sizes = unpacked?.files.map(({ content }) => content.length) ?? [];
        expect(sizes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(length);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});
