import { describe, expect, it } from 'vitest';
import { isAnswer } from '../../../../src/domain/written/quoted/answering.ts';
import { foldQuoted } from '../../../../src/domain/written/quoted/fold.ts';
import { blocksOf, headers, introductions } from './introductions.ts';

const own = 'Подходит, жду счёт на 20 тонн.';
const quote = '> Добрый день! Цена 5000 руб.\n> С уважением, отдел продаж';
const unmarked = 'Добрый день! Цена 5000 руб.\nС уважением, отдел продаж';

const all = Object.entries(introductions).flatMap(([program, lines]) => lines.map((line) => [program, line] as const));

/** Breaks a line as mail programs do: at the last blank before the limit. */
function wrapped(line: string, limit: number): string {
  const at = line.lastIndexOf(' ', limit);
  return line.length <= limit || at <= 0 ? line : `${line.slice(0, at)}\n${wrapped(line.slice(at + 1), limit)}`;
}

describe.each(all)('%s: %s', (_, line) => {
  it('is folded with the quotation below it', () => {
    const quoted = `${line}\n\n${quote}`;
    expect(foldQuoted(`${own}\n\n${quoted}`)).toEqual({ own, quoted });
    expect(foldQuoted(`${own}\r\n\r\n${quoted.replaceAll('\n', '\r\n')}`).own).toBe(own);
    expect(foldQuoted(`${own}\n\n${line}\n${quote}\n>> older\n`).own).toBe(own);
    expect(foldQuoted(`${own}\n\n${quoted.replaceAll(' г.', '\u00a0г.')}`).own).toBe(own);
  });

  it('leaves the line above it alone, also without a blank line', () => {
    expect(foldQuoted(`Добрый день!\n${own}\n${line}\n${quote}`).own).toBe(`Добрый день!\n${own}`);
    expect(foldQuoted(`Приеду 20.09.2026\n${line}\n${quote}`).own).toBe('Приеду 20.09.2026');
  });

  it.each([72, 60])('is known if it is wrapped at %d columns', (limit) => {
    expect(foldQuoted(`${own}\n\n${wrapped(line, limit)}\n${quote}`).own).toBe(own);
    expect(foldQuoted(`${own}\n${wrapped(line, limit)}\n\n${quote}`).own).toBe(own);
  });

  it('hides no answer below or between the quoted lines', () => {
    for (const text of [
      `${line}\n\n${quote}\n\n${own}`,
      `Здравствуйте!\n\n${line}\n\n${quote}\n\n${own}`,
      `Здравствуйте!\n\n${line}\n> Какой адрес?\nМосква\n> Какой телефон?\n+7 999 000-00-05`,
      `Здравствуйте!\n\n${line}\n> Какой адрес?\nМосква\n> Какой телефон?`,
      `${line}\n${quote}`,
    ])
      expect(foldQuoted(text)).toEqual({ own: text, quoted: '' });
  });

  it('leaves a signature below the quotation in the writer’s text', () => {
    expect(foldQuoted(`${own}\n\n${line}\n${quote}\n\n-- \nИван, +7 999 000-00-05`).own).toBe(
      `${own}\n\n-- \nИван, +7 999 000-00-05`,
    );
  });
});

const sure = all.filter(([, line]) => /@.*:$/.test(line) && /\d\d?:\d\d/.test(line));
describe.each(sure)('%s: %s', (_, line) => {
  it('is folded with a quotation that is not marked', () => {
    expect(foldQuoted(`${own}\n\n${line}\n\n${unmarked}`)).toEqual({ own, quoted: `${line}\n\n${unmarked}` });
  });

  it('hides no answer that the writer announces', () => {
    const text = `Добрый день, ответы ниже красным.\n\n${line}\n\n${unmarked}`;
    expect(foldQuoted(text).own).toBe(text);
  });
});

const blocks = Object.entries(headers).flatMap(([language, labels]) =>
  Object.entries(blocksOf(labels)).map(([program, block]) => [`${program} ${language}`, block] as const),
);
describe.each(blocks)('%s', (_, block) => {
  it('is folded with all below it', () => {
    expect(foldQuoted(`${own}\n\n${block}\n${unmarked}`)).toEqual({ own, quoted: `${block}\n${unmarked}` });
    expect(foldQuoted(`${own}\n${block}\n${unmarked}\n> older\nold`).own).toBe(own);
  });

  it('is shown if the writer said nothing above it', () => {
    for (const text of [`${block}\n${unmarked}\n\n${own}`, `Добрый день!\n\n${block}\n${unmarked}\n${own}`])
      expect(foldQuoted(text).own).toBe(text);
  });
});

describe('the short header of Yandex', () => {
  const header = '----------------\nКому: client@client.example;\nТема: Счёт;';
  const line = '15.09.2026, 14:41, "Отдел продаж" <sales@our.example>:';

  it('is folded with the introduction below it', () => {
    expect(foldQuoted(`${own}\n\n${header}\n${line}\n${quote}`).own).toBe(own);
    expect(foldQuoted(`${own}\n${header}\n${line}\n\n${unmarked}`).own).toBe(own);
  });

  it('is the writer’s own without one', () => {
    const text = `${own}\n\n${header}\nТруба 20 т`;
    expect(foldQuoted(text)).toEqual({ own: text, quoted: '' });
  });
});

describe('the writer’s own words', () => {
  it.each([
    [
      'rows',
      'Прошу посчитать:\n______________________________\nКирпич – 1000 шт\n______________________________\nТел. 1',
    ],
    ['dashes', 'Заказ\n----------------------\nКирпич\n----------------------\nЦемент'],
    ['a row of equals signs', 'Заказ\n=====================\nКирпич М150\n====================='],
    ['a sentence with a verb', 'Добрый день!\n\nВаш менеджер вчера мне написал:\nотгрузим в среду.\nЖду ответа.'],
    ['a sentence above a quotation', 'Ваш менеджер вчера мне написал:\n> отгрузим в среду\n\nПочему 7000?'],
    ['a sentence above the last quotation', 'Добрый день!\nВаш менеджер вчера мне написал:\n> отгрузим в среду'],
    ['a dated sentence', '15 сентября 2026 года Анна ответила, что будет:\nкирпич по 20 руб.\nВерно?'],
    ['a dated sentence with a verb', 'Добрый день.\n15.09.2026 в 14:41 ваш менеджер написал:\nцена 5000. Почему 7000?'],
    ['a date and a list', 'Нужно к 15.09.2026:\n- кирпич\n- цемент'],
    ['header-like lines', 'Новая заявка\n\nДата: 15.09.2026\nОт: Иван\nТема: Забор\nТелефон: +7 999 000-00-03'],
    [
      'header-like lines of an order',
      'Просим доставить.\n\nКому: ООО Пример\nДата: 20.09.2026\nОт: склад Химки\nВес 2 т',
    ],
    ['header-like lines, sender first', 'Прошу.\n\nОт: склад Химки\nДата: 20.09.2026\nКому: ООО Пример\n\nВес 2 т'],
    ['header-like lines with an address', 'Заявка.\n\nОт: Иван <i@c.example>\nДата: 15.09.2026\nТема: Забор\nТел.: 1'],
    ['English header-like lines', 'Please ship.\n\nFrom: Warehouse 2\nTo: Example Ltd\nDate: 20 May\n\n2 tons'],
    ['marks of greater', 'Нужен лист\n>10 мм\n>20 мм'],
    ['marks of greater, announced', 'Толщина:\n\n> 10 мм\n> 20 мм'],
    ['marks without a blank line', 'Нужен лист толщиной\n> 10 мм'],
    [
      'a forwarded letter below own words',
      `Посчитайте.\n\n-------- Пересылаемое сообщение --------\nОт: a@b.example\n\nТруба`,
    ],
    [
      'a forwarded thread',
      `Посчитайте.\n\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: 1\nTo: c\n\nOn Tue, Sep 15, 2026 at 2:41 PM A <a@b.example> wrote:\n> Труба`,
    ],
    [
      'an Apple forward',
      'См.\n\nBegin forwarded message:\n\nFrom: A <a@b.example>\nSubject: x\nDate: 1\nTo: c\n\nPipe',
    ],
    [
      'wrapped quoted lines',
      `${own}\n\nOn Tue, Sep 15, 2026 at 2:41 PM A <a@b.example> wrote:\n> a long line\nbroken\n> rest`,
    ],
    ['an e-mail address and a colon', 'Счета шлите сюда, info@client.example:\nтолько в PDF'],
    ['a time, an address and a colon', 'Завтра в 14:41 напишите на info@client.example:\nадрес склада'],
    ['a postscript', `${own}\n\n15.09.2026 14:41, Отдел пишет:\n> Цена 5000\n\nP.S. Тел. +7 999 000-00-05`],
    ['a signature only', '-- \nИван\n\n15.09.2026 14:41, Отдел пишет:\n> Цена 5000'],
    [
      'a telephone’s line only',
      'Отправлено с iPhone\n\n> 15 сент. 2026 г., в 14:41, Отдел <s@our.example> написал(а):\n> Цена',
    ],
    [
      'answers in red',
      `Ответы ниже красным\n\n-----Original Message-----\nFrom: a@b.example\nSent: 1\nTo: c\n\nWhere?\nMoscow`,
    ],
  ])('stay: %s', (_, text) => {
    expect(foldQuoted(text)).toEqual({ own: text, quoted: '' });
  });

  it('stay above older history that follows answers between the lines', () => {
    const answers = 'Здравствуйте!\n\n> Какой адрес?\nМосква\n\n';
    const older = 'From: A <a@b.example>\nSent: 15.09.2026 14:41\nTo: c\nSubject: x\n\nOlder';
    expect(foldQuoted(answers + older)).toEqual({ own: answers.trim(), quoted: older });
  });
});

describe('a letter', () => {
  it.each([
    [true, 'Re: Счёт', []],
    [true, 'RE[2]: Счёт', []],
    [true, 'Отв: Счёт', []],
    [true, 'AW: Rechnung', []],
    [true, 'Счёт', ['1@our.example']],
    [true, null, ['1@our.example']],
    [true, 'Re: Fwd: Счёт', []],
    [false, 'Fwd: Счёт', ['1@our.example']],
    [false, 'FW: Re: Счёт', ['1@our.example']],
    [false, 'Пересл: Счёт', []],
    [false, 'WG: Rechnung', []],
    [false, 'Счёт', []],
    [false, 'Реквизиты: счёт', []],
    [false, null, []],
  ])('answers another one (%s): %j', (expected, subject, answers) => {
    expect(isAnswer({ subject, answers })).toBe(expected);
  });
});
