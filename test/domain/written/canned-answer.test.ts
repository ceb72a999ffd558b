import { describe, expect, it } from 'vitest';
import { fillAnswer, languageOf, unknownVariables } from '../../../src/domain/written/canned-answer.ts';

const label = (name: string) => name;

describe('canned answers', () => {
  it('fill in what is known, and leave marked gaps for the rest', () => {
    const values = { 'client.name': 'ООО «Ромашка»', 'manager.name': 'Анна', 'manager.extension': null, line: '' };
    const text = 'Здравствуйте, {client.name}! {manager.name}, доб. {manager.extension}, {line}.';
    const { text: filled, gaps } = fillAnswer(text, values, label);
    expect(filled).toBe('Здравствуйте, ООО «Ромашка»! Анна, доб. [manager.extension], [line].');
    expect(gaps.map(([start, end]) => filled.slice(start, end))).toEqual(['[manager.extension]', '[line]']);
  });

  it('insert values as they are: no variables, no HTML', () => {
    const values = { 'client.name': '{company} <b>', company: 'C' };
    expect(fillAnswer('{client.name} {company} {other} {', values, label).text).toBe('{company} <b> C {other} {');
  });

  it.each([
    ['{client.name}, {company}', []],
    ['{client.nam} {x} {Client.name} {}', ['client.nam', 'x']],
  ])('know the variables of %s', (text, unknown) => {
    expect(unknownVariables(text)).toEqual(unknown);
  });

  it.each([
    ['Сколько стоит?', 'ru'],
    ['How much?', 'en'],
    ['Нужен Bosch GSR 18V-50, сколько?', 'ru'],
    ['Please send it to Иванов, the invoice was for two hundred units', 'en'],
    ['+7 916 123-45-67 :)', null],
    ['', null],
  ])('are offered in the language of %j', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});
