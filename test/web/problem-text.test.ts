import { describe, expect, it } from 'vitest';
import { isDoubtful, problem, problemWords } from '../../src/domain/outbound/problem-words.ts';
import { problemText } from '../../web/src/problem-text.ts';

describe('why a letter was not sent', () => {
  const values = {
    address: 'ivan@client.example',
    answer: '550 5.1.1 (no) such user?',
    reason: 'QREASON',
    user: 'QUSER',
    extension: 'QEXTENSION',
    context: 'QCONTEXT',
    name: 'QNAME',
    status: '5.0.0',
  };

  it.each(Object.keys(problemWords) as (keyof typeof problemWords)[])('says %s in both languages', (word) => {
    const english = (problem as (word: string, values: object) => string)(word, values);
    const russian = problemText(english, 'ru');
    expect(problemText(english, 'en')).toBe(english);
    expect(russian).toMatch(/[а-я]/);
    expect(russian).not.toMatch(/[{}]/);
    for (const value of Object.values(values)) if (english.includes(value)) expect(russian).toContain(value);
  });

  it('leaves a service’s own words as they are', () => {
    expect(problemText('chat not found', 'ru')).toBe('chat not found');
  });

  it('knows when somebody has to look before it is sent again', () => {
    expect(isDoubtful(problem('cut'))).toBe(true);
    expect(isDoubtful(problem('unasked', { reason: 'a\nb' }))).toBe(true);
    expect(isDoubtful(problem('refused', { answer: '554' }))).toBe(false);
    expect(isDoubtful('chat not found')).toBe(false);
  });
});
