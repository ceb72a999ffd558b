import { describe, expect, it } from 'vitest';
import { inOneText, say } from '../../src/domain/routing/trace-words.ts';
import { ruleName, traceText } from '../../web/src/trace-text.ts';

describe('the trace in Russian', () => {
  it.each([
    [
      inOneText([say('known'), say('responsible', { manager: 'Анна' })]),
      'звонит известный клиент; ответственный — Анна',
    ],
    [
      inOneText([say('away', { manager: 'Анна' }), say('standsIn', { manager: 'Пётр is away' })]),
      'Анна: отсутствует; Пётр is away: замещает',
    ],
    [
      say('groupUnreachable', {
        group: 'sales',
        reason: inOneText([say('engaged', { manager: 'Анна' }), say('memberMissing')]),
      }),
      'в группе sales никто не доступен: Анна: говорит по телефону; участник группы не заведён',
    ],
    [
      say('otherCallers', { wanted: 'unknown or ambiguous', outcome: 'matched' }),
      'правило для других звонящих (неизвестный, один из нескольких), а этот — известный клиент',
    ],
    [say('closedNow', { hours: 'a.b(c' }), 'правило для рабочего времени «a.b(c», а сейчас оно нерабочее'],
    ['what nobody foresaw', 'what nobody foresaw'],
  ])('says %s', (english, russian) => {
    expect(traceText(english, 'ru')).toBe(russian);
    expect(traceText(english, 'en')).toBe(english);
  });

  it('names the steps that are built in, and leaves the company’s own rules as they are', () => {
    expect(['client', 'fallback', 'VIP', 'toString'].map((rule) => ruleName(rule, 'ru'))).toEqual([
      'клиент',
      'запасной путь',
      'VIP',
      'toString',
    ]);
  });
});
