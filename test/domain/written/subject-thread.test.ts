import { describe, expect, it } from 'vitest';
import { answeredSubject, bareSubject } from '../../../src/domain/written/subject-thread.ts';

describe('subjects that identify a conversation', () => {
  it.each([
    'Re: Насосы для цеха № 7',
    'RE[2]: Насосы для цеха №7',
    'Re(3): Fwd: насосы  для цеха 7',
    'Fwd: Насосы для цеха №7!',
    'FW: Re: НАСОСЫ для цеха №7',
    'Отв: Насосы для цеха №7',
    'Ha: Насосы для цеха №7',
    'На: Насосы для цеха №7',
    'Ответ: Отв: Насосы для цеха №7',
    'Пересл: Насосы для цеха №7',
    'AW: WG: Насосы для цеха №7',
    'Re：Насосы для цеха №7',
  ])('reads %s as an answer', (subject) => {
    expect(answeredSubject(subject)).toBe('насосы для цеха 7');
  });

  it.each([
    null,
    '',
    'Re:',
    'Re: Re:',
    'Re: Заказ',
    'RE: Счёт на оплату',
    'Fwd: Вопрос!',
    'Re: Добрый день',
    'Re: (no subject)',
    'Re: КП',
    'Re: 12',
    'Насосы для цеха №7',
    'Реклама: насосы',
    'На складе: насосы',
  ])('does not read %j as an answer', (subject) => {
    expect(answeredSubject(subject)).toBeNull();
  });

  it('distinguishes subjects that differ in a word or number', () => {
    expect(bareSubject('Заказ 1234')).not.toBe(bareSubject('Re: Заказ 1235'));
    expect(bareSubject('Заказ №1234')).toBe(bareSubject('Re: заказ 1234'));
    expect(bareSubject('Ещё насосы')).toBe(bareSubject('Re: Еще насосы'));
  });
});
