import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldQuoted } from '../../../../src/domain/written/quoted/fold.ts';
import { blocksOf, headers, introductions } from './introductions.ts';

const folder = new URL('../../../fixtures/field-cases/quoted/', import.meta.url);
const bodies = readdirSync(folder).flatMap((name) =>
  name.endsWith('.txt') ? readFileSync(new URL(name, folder), 'utf8').split('\n') : [],
);
const pool = [
  ...new Set([
    ...bodies,
    ...Object.values(introductions).flat(),
    ...Object.values(headers).flatMap((labels) =>
      Object.values(blocksOf(labels)).flatMap((block) => block.split('\n')),
    ),
    '',
    '> quoted',
    'own words',
    '-- ',
  ]),
];
/** For more runs: `PATCHBAY_FUZZ_RUNS=20000`, and another `PATCHBAY_FUZZ_SEED`. */
const numRuns = Number(process.env.PATCHBAY_FUZZ_RUNS ?? 2000);
const seed = Number(process.env.PATCHBAY_FUZZ_SEED ?? 4);
const letter = fc.array(fc.constantFrom(...pool), { maxLength: 25 });

const wordsOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

describe('any mixture of lines', () => {
  it('is split without losing a line, and never without words of the writer’s own', () => {
    fc.assert(
      fc.property(letter, (lines) => {
        const { own, quoted } = foldQuoted(lines.join('\n'));
        const found = [...wordsOf(own), ...wordsOf(quoted)].map((line) => line.trim()).sort();
        expect(found).toEqual(
          wordsOf(lines.join('\n'))
            .map((line) => line.trim())
            .sort(),
        );
        expect(own === '' && quoted !== '').toBe(false);
      }),
      { numRuns, seed },
    );
  });

  it('never hides what is written below or between quoted lines that are all marked', () => {
    const marked = fc.array(fc.constantFrom('> a', '> b', '>> c', '>'), { minLength: 1, maxLength: 4 });
    const words = fc.array(fc.constantFrom('own words', 'цена 5000', '+7 999 000-00-05'), {
      minLength: 1,
      maxLength: 3,
    });
    const line = fc.constantFrom(...Object.values(introductions).flat());
    fc.assert(
      fc.property(words, line, marked, words, fc.option(marked), (above, introduction, quote, answer, more) => {
        const lines = [...above, '', introduction, ...quote, ...answer, ...(more ?? [])];
        expect(foldQuoted(lines.join('\n')).quoted).toBe('');
      }),
      { numRuns, seed },
    );
  });
});
