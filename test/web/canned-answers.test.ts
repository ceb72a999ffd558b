import { describe, expect, it } from 'vitest';
import type { CannedAnswerView } from '../../src/domain/written/canned-answer.ts';
import { findAnswers, slashAt } from '../../web/src/pages/desk/card/canned/find.ts';

const answer = (id: string, title: string, more: Partial<CannedAnswerView> = {}): CannedAnswerView => ({
  ...{ id, title, text: 'x', subject: null, language: null, departments: [], channels: [], files: [] },
  ...more,
});
const all = [
  answer('price', 'Прайс', { language: 'ru', text: 'Наш прайс во вложении' }),
  answer('price-en', 'Price list', { language: 'en' }),
  answer('thanks', 'Спасибо за обращение', { departments: ['Sales'] }),
  answer('letter', 'Письмо отправлено', { channels: ['message'], text: 'Отправили прайс письмом' }),
];
const anybody = { channel: 'message', department: null, language: null } as const;
const ids = (query: string, offer: object = {}) =>
  findAnswers(all, query, { ...anybody, ...offer }).map(({ id }) => id);

describe('the slash that opens canned answers', () => {
  it.each([
    ['/', 1, ''],
    ['/при', 4, 'при'],
    ['Добрый день! /при', 17, 'при'],
    ['строка\n/a', 9, 'a'],
    ['/за обр', 7, 'за обр'],
    ['/abc def', 4, 'abc'],
  ])('is found in %j at %i', (text, caret, query) => {
    expect(slashAt(text, caret)).toMatchObject({ query, end: caret, start: caret - query.length - 1 });
  });

  it.each([
    ['и/или', 5],
    ['https://x.example/a', 19],
    ['/ слово', 7],
    ['/a\nb', 4],
    ['нет', 3],
    [`/${'a'.repeat(41)}`, 42],
    ['/abc', 0],
  ])('is not found in %j at %i', (text, caret) => {
    expect(slashAt(text, caret)).toBeNull();
  });
});

describe('the offered answers', () => {
  it('match by title first, then by text', () => {
    expect(ids('прайс')).toEqual(['price', 'letter']);
    expect(ids('СПАСИБО', { department: 'Sales' })).toEqual(['thanks']);
    expect(ids('nothing')).toEqual([]);
  });

  it('begin with those in the language of the client, and contain the others', () => {
    expect(ids('price', { language: 'en' })).toEqual(['price-en', 'price']);
    expect(ids('price', { language: 'ru' })).toEqual(['price', 'price-en']);
  });

  it('are those of the department and the channel', () => {
    expect(ids('')).toEqual(['price', 'price-en', 'letter']);
    expect(ids('', { channel: 'email', department: 'Sales' })).toEqual(['price', 'price-en', 'thanks']);
  });
});
