import { describe, expect, it } from 'vitest';
import { forwardedLetter, maxQuoted, quotedLetter, withEarlier } from '../../../src/domain/written/earlier-letter.ts';
import { foldQuoted } from '../../../src/domain/written/quoted/fold.ts';
import { forwardSubject } from '../../../src/domain/written/written-contact.ts';

const party = {
  phone: null,
  raw: '',
  ext: null,
  withheld: false,
  email: 'ivan@client.example',
  account: null,
  name: 'Иван Петров',
};
const letter = {
  direction: 'inbound',
  party,
  handledBy: null,
  line: { id: 'sales', label: 'Продажи', address: 'sales@our.example', connection: 'mail' },
  startedAt: '2026-09-15T11:41:10.000Z',
  subject: 'Насосы',
  text: 'Сколько стоят?\n\n> Вы писали о ценах\nИван',
  deletedAt: null,
} as const;
const ours = { ...letter, direction: 'outbound', handledBy: { id: 'a', name: 'Анна Иванова' } } as const;
const locales = [
  { language: 'ru', timezone: 'Europe/Moscow' },
  { language: 'en', timezone: 'Europe/Moscow' },
] as const;
const hard = [
  party,
  { ...party, name: null },
  { ...party, name: 'ООО "Ромашка": <отдел> снабжения\r\nи сбыта, склад № 3 на улице Ленина, второй этаж' },
  { ...party, name: 'x '.repeat(500) },
];

describe('a quotation', () => {
  it.each(locales)('is folded by our own reader, whoever is quoted ($language)', (locale) => {
    for (const quoted of [...hard.map((one) => ({ ...letter, party: one })), ours]) {
      const whole = withEarlier('Десять штук есть.', quotedLetter(quoted, locale) ?? undefined);
      expect(foldQuoted(whole).own).toBe('Десять штук есть.');
    }
  });

  it('says who wrote and when, in the words and the time of the company', () => {
    const [ru, en] = locales.map((locale) => quotedLetter(letter, locale)?.head);
    expect(ru).toBe('15.09.2026 14:41, Иван Петров <ivan@client.example> пишет:');
    expect(en).toBe('On 15.09.2026 14:41, Иван Петров <ivan@client.example> wrote:');
    expect(quotedLetter(ours, locales[0])?.head).toBe('15.09.2026 14:41, Анна Иванова <sales@our.example> пишет:');
  });

  it('marks every line', () => {
    expect(withEarlier('Да.\n', { how: 'quoted', head: 'Кто:', text: 'a\n\n> b' })).toBe('Да.\n\nКто:\n> a\n>\n>> b\n');
  });

  it('is bounded, and never splits a character', () => {
    const long = quotedLetter({ ...letter, text: `${'a'.repeat(maxQuoted - 1)}😀` }, locales[0]);
    expect(long?.text).toBe(`${'a'.repeat(maxQuoted - 1)}…`);
  });

  it('is left out if the letter says nothing, or its writer deleted it', () => {
    expect(quotedLetter({ ...letter, text: ' \n' }, locales[0])).toBeNull();
    expect(quotedLetter({ ...letter, deletedAt: '2026-09-16T00:00:00.000Z' }, locales[0])).toBeNull();
  });
});

describe('a forwarded letter', () => {
  it.each(locales)(
    'is shown whole by our own reader, although its subject is that of an answer ($language)',
    (locale) => {
      const whole = withEarlier('Посмотрите, пожалуйста.', forwardedLetter(letter, locale));
      expect(foldQuoted(whole)).toEqual({ own: whole.trim(), quoted: '' });
    },
  );

  it('names its sender, date, subject and recipient', () => {
    expect(forwardedLetter(letter, locales[0]).head.split('\n')).toEqual([
      '-------- Пересылаемое сообщение --------',
      'От: Иван Петров <ivan@client.example>',
      'Дата: 15.09.2026 14:41',
      'Тема: Насосы',
      'Кому: Продажи <sales@our.example>',
    ]);
  });

  it('has one prefix in its subject', () => {
    expect(['Насосы', 'Fwd: FW: Насосы', 'Пересл: Насосы', 'Re: Насосы', null].map(forwardSubject)).toEqual([
      'Fwd: Насосы',
      'Fwd: Насосы',
      'Fwd: Насосы',
      'Fwd: Re: Насосы',
      'Fwd:',
    ]);
  });
});
