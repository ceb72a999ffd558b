import { describe, expect, it } from 'vitest';
import { askedWords, hasWords, searchWords } from '../../../src/domain/directory/search-words.ts';

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
    expect(hasWords('Ёлка'.normalize('NFD'), askedWords('ЕЛК'))).toBe(true);
    expect(hasWords('Йод'.normalize('NFD'), askedWords('йод'.normalize('NFD')))).toBe(true);
  });

  it('wants every word, in any order, as the beginning of one', () => {
    expect(hasWords('ООО Ромашка Казань', askedWords('каз РОМ'))).toBe(true);
    expect(hasWords('ООО Ромашка Казань', askedWords('машка'))).toBe(false);
    expect(hasWords('ООО Ромашка', askedWords('ромашка казань'))).toBe(false);
  });
});
