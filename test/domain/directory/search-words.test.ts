import { describe, expect, it } from 'vitest';
import { hasWords, queryWords, searchWords } from '../../../src/domain/directory/search-words.ts';

describe('words of names', () => {
  it.each([
    ['ООО «Берёзка-2» (Казань)', ['ооо', 'березка', '2', 'казань']],
    ['Ёлки\u00a0и палки', ['елки', 'и', 'палки']],
    ['Йод Café', ['иод', 'cafe']],
    ['Café Müller & Söhne', ['cafe', 'muller', 'sohne']],
    ['Йошкар-Ола', ['иошкар', 'ола']],
    ['  «…» ', []],
  ])('takes %s apart', (name, words) => {
    expect(searchWords(name)).toEqual(words);
  });

  it('finds a letter written in two code points as the same in one', () => {
    expect(hasWords('Ёлка'.normalize('NFD'), queryWords('ЕЛК'))).toBe(true);
    expect(hasWords('Йод'.normalize('NFD'), queryWords('йод'.normalize('NFD')))).toBe(true);
  });

  it('wants every word, in any order, as the beginning of one', () => {
    expect(hasWords('ООО Ромашка Казань', queryWords('каз РОМ'))).toBe(true);
    expect(hasWords('ООО Ромашка Казань', queryWords('машка'))).toBe(false);
    expect(hasWords('ООО Ромашка', queryWords('ромашка казань'))).toBe(false);
  });
});
