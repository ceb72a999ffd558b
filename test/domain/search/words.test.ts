import { describe, expect, it } from 'vitest';
import { indexWords, maxIndexedLength } from '../../../src/domain/search/index-words.ts';
import { conditionsOf } from '../../../src/domain/search/question.ts';

/** Whether a text with these words is found by a question, as the stores decide it. */
function finds(text: string, question: string): boolean {
  const words = indexWords([text]);
  return conditionsOf(question).every((any) =>
    any.some(({ word, isPrefix }) => words.some((one) => (isPrefix ? one.startsWith(word) : one === word))),
  );
}

describe('words of the search', () => {
  it.each([
    ['Просим выслать договоры поставки', 'договором поставке'],
    ['Насосы отгружены вчера', 'насос отгружено'],
    ['от Кузнецова', 'Кузнецов'],
    ['Кузнецов', 'кузнецовым'],
    ['Ивановой Анне', 'иванова'],
    ['We are shipping the pumps', 'pump shipped'],
    ['Счёт оплачен', 'счет'],
    ['Счет оплачен', 'СЧЁТ'],
    ['Все за\u0301мки закрыты', 'замок'.replace('ок', 'ки')],
    ['дого\u00adвор', 'договор'],
    ['Café Noir', 'cafe'],
    ['договор поставки', 'пост'],
    ['Пишите: Ivan.Petrov@Mail.RU.', 'ivan.petrov@mail.ru'],
    ['Пишите: Ivan.Petrov@Mail.RU.', 'ivan.petrov@ma'],
    ['Пишите: Ivan.Petrov@Mail.RU.', 'petrov'],
    ['тел. 8 (916) 123-45-67, доб. 2', '+7 916 1234567'],
    ['тел. 8 (916) 123-45-67, доб. 2', '79161234567'],
    ['тел. 8 (916) 123-45-67, доб. 2', '123-45-67'],
    ['+79161234567', '8 (916) 123-45-67'],
    ['на сумму 1 250 000 руб.', '1250000'],
    ['на сумму 1250000 руб.', '1 250 000'],
    ['№ 12 от 3.12.2026', '12 2026'],
    ['ГОСТ Р 52931-2008, iPhone15', 'гост 52931 iphone15'],
    ['中文字 合同', '合同'],
  ])('find %j by %j', (text, question) => {
    expect(finds(text, question)).toBe(true);
  });

  it.each([
    ['договор поставки', 'договор аренды'],
    ['договор поставки', 'пос договор'],
    ['ivan@mail.ru и petr@example.com', 'ivan@example.com'],
    ['+7 916 123-45-67', '+7 916 123-45-68'],
    ['абв', 'а'],
  ])('do not find %j by %j', (text, question) => {
    expect(finds(text, question)).toBe(false);
  });

  it('are separable by blanks and safe in both languages of the stores', () => {
    const words = indexWords(['a"b\'c\\d\0e\u00a0f (g) h:i*j & k | l! \ud83d m']);
    for (const word of words) expect(word).toMatch(/^[\p{L}\p{N}@.+\-_%]+$/u);
    expect(conditionsOf('"\' \\ :* & | ! ()')).toEqual([]);
  });

  it('stop at the limits', () => {
    const far = `${'слово '.repeat(Math.ceil(maxIndexedLength / 6))} конец`;
    expect(indexWords([far, 'ещё'])).not.toContain('конец');
    expect(conditionsOf(Array.from({ length: 50 }, (_, n) => `w${n}`).join(' ')).length).toBeLessThan(20);
    expect(finds('x'.repeat(500), 'x'.repeat(300))).toBe(true);
  });
});
