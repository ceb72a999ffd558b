import { describe, expect, it } from 'vitest';
import { hasWords, queryWords, searchWords } from '../../../src/domain/directory/search-words.ts';

describe('search words of names', () => {
  it.each([
    ['ООО «Берёзка-2» (Казань)', ['ооо', 'березка', '2', 'казань']],
    ['Ёлки\u00a0и палки', ['елки', 'и', 'палки']],
    ['Йод Café', ['иод', 'cafe']],
    ['Café Müller & Söhne', ['cafe', 'muller', 'sohne']],
    ['Йошкар-Ола', ['иошкар', 'ола']],
    ['  «…» ', []],
  ])('splits %s', (name, words) => {
    expect(searchWords(name)).toEqual(words);
  });

  it('treats a composed and a decomposed letter as equal', () => {
    expect(hasWords('Ёлка'.normalize('NFD'), queryWords('ЕЛК'))).toBe(true);
    expect(hasWords('Йод'.normalize('NFD'), queryWords('йод'.normalize('NFD')))).toBe(true);
  });

  it('requires every word, in any order, as a prefix', () => {
    expect(hasWords('ООО Ромашка Казань', queryWords('каз РОМ'))).toBe(true);
    expect(hasWords('ООО Ромашка Казань', queryWords('машка'))).toBe(false);
    expect(hasWords('ООО Ромашка', queryWords('ромашка казань'))).toBe(false);
  });
});
