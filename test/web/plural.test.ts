import { describe, expect, it } from 'vitest';
import { plural } from '../../web/src/i18n/plural.ts';
import { words } from '../../web/src/i18n/words.ts';

describe('a number with its noun', () => {
  it.each([
    [0, '0 сообщений', '0 messages'],
    [1, '1 сообщение', '1 message'],
    [2, '2 сообщения', '2 messages'],
    [4, '4 сообщения', '4 messages'],
    [5, '5 сообщений', '5 messages'],
    [11, '11 сообщений', '11 messages'],
    [14, '14 сообщений', '14 messages'],
    [21, '21 сообщение', '21 messages'],
    [22, '22 сообщения', '22 messages'],
    [111, '111 сообщений', '111 messages'],
    [1.5, '1,5 сообщения', '1.5 messages'],
  ])('%d is %s and %s', (count, russian, english) => {
    expect(plural('ru', count, words.ru.messages)).toBe(russian);
    expect(plural('en', count, words.en.messages)).toBe(english);
  });

  it('groups large numbers', () => {
    expect(plural('ru', 12_001, words.ru.cards)).toBe('12\u00a0001 карточка');
    expect(plural('en', 12_001, words.en.cards)).toBe('12,001 cards');
  });

  it('falls back to the general form', () => {
    expect(plural('ru', 1, { other: '× {n}' })).toBe('× 1');
  });
});

describe('the texts of the page', () => {
  const forms = { ru: ['one', 'few', 'many', 'other'], en: ['one', 'other'] } as const;

  it.each(['ru', 'en'] as const)('have every plural form in %s, each with the number', (language) => {
    const plurals = Object.values(words[language]).filter((text) => typeof text !== 'string');
    expect(plurals.length).toBeGreaterThan(0);
    for (const one of plurals) {
      expect(Object.keys(one)).toEqual(forms[language]);
      for (const form of Object.values(one)) expect(form).toContain('{n}');
    }
  });

  it('are in Russian except for names and commands', () => {
    const latin = Object.entries(words.ru).flatMap(([name, text]) => {
      const said = typeof text === 'string' ? text : Object.values(text).join(' ');
      const rest = said.replace(/\{n\}|CRM|managers|kill -HUP|\b(?:x|Shift|Enter)\b/g, '');
      return name !== 'language' && /[a-z]/i.test(rest) ? [`${name}: ${said}`] : [];
    });
    expect(latin).toEqual([]);
  });
});
