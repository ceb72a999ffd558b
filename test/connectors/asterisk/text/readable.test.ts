import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pbxCharsets, readable, readableLines, repaired } from '../../../../src/connectors/asterisk/text/readable.ts';
import { type Charset, encodeAs } from '../../../../src/runtime/charsets/single-byte.ts';

const russian = [
  'ООО Пример',
  'ООО ПРИМЕР',
  'Иванов Иван',
  'ИВАНОВ ИВАН ИВАНОВИЧ',
  'иван',
  'Анна',
  'ИП Сидоров П.П.',
  'АО "Ромашка" (снабжение)',
  'Щукин Юрий',
  'Отдел продаж',
  'ТД ВЕКТОР-М',
  'Склад №5',
  'ООО IT-Сервис',
  'Call-центр',
  'Ёлкин',
];
const latin = ['Müller', 'José García', 'Café Zürich', 'Søren Ørsted', 'Émile'];

function bytesOf(text: string, charset: Charset): Uint8Array {
  const bytes = encodeAs(text, charset);
  if (bytes === null) throw new Error(`${text} is not ${charset}`);
  return bytes;
}

/** UTF-8 whose bytes were read as another charset and encoded again. */
function twice(text: string, charset: Charset | 'latin1'): string {
  const bytes = Buffer.from(text, 'utf8');
  return charset === 'latin1' ? bytes.toString('latin1') : new TextDecoder(charset).decode(bytes);
}

describe('names of callers', () => {
  it.each(russian)('in UTF-8: %s', (name) => {
    expect(readable(Buffer.from(name), 'auto')).toBe(name);
  });

  it.each(russian)('in windows-1251: %s', (name) => {
    expect(readable(bytesOf(name, 'windows-1251'), 'auto')).toBe(name);
  });

  it.each(russian.filter((name) => !name.includes('№')))('in koi8-r: %s', (name) => {
    expect(readable(bytesOf(name, 'koi8-r'), 'auto')).toBe(name);
  });

  it.each(latin)('in Latin-1: %s', (name) => {
    expect(readable(bytesOf(name, 'windows-1252'), 'auto')).toBe(name);
    expect(readable(Buffer.from(name), 'auto')).toBe(name);
  });

  it.each([...russian, ...latin])('encoded as UTF-8 twice: %s', (name) => {
    expect(repaired(twice(name, 'latin1'))).toBe(name);
    expect(repaired(twice(name, 'windows-1252'))).toBe(name);
  });

  it.each(russian)('read as Cyrillic although they were UTF-8: %s', (name) => {
    expect(repaired(twice(name, 'windows-1251'))).toBe(name);
    expect(repaired(twice(name, 'ibm866'))).toBe(name);
  });

  it('encoded as UTF-8 three times', () => {
    expect(repaired(twice(twice('ООО Пример', 'latin1'), 'latin1'))).toBe('ООО Пример');
  });

  it.each(['ООО ПРИМЕР', 'Иванов', 'Анна Сергеевна'])('read as Latin-1 although they were windows-1251: %s', (name) => {
    expect(repaired(Buffer.from(bytesOf(name, 'windows-1251')).toString('latin1'))).toBe(name);
  });

  it('in Ukrainian', () => {
    const name = 'ТОВ Київ Їжа';
    expect(readable(bytesOf(name, 'windows-1251'), 'auto')).toBe(name);
    expect(readable(Buffer.from(name), 'auto')).toBe(name);
  });

  it('in the charset of the setting, if they are not UTF-8', () => {
    expect(readable(bytesOf('РОГА И КОПЫТА', 'ibm866'), 'ibm866')).toBe('РОГА И КОПЫТА');
    expect(readable(Buffer.from('Рога'), 'ibm866')).toBe('Рога');
  });

  it('cut off in the middle of a character', () => {
    expect(readable(Buffer.from('ООО Пример').subarray(0, -1), 'auto')).toBe('ООО Приме');
    expect(readable(Buffer.from('ООО Пример').subarray(1), 'windows-1251')).toBe('ОО Пример');
  });

  it('never contain replacement characters', () => {
    expect(readable(Buffer.from('ООО \ufffd\ufffd'), 'auto')).toBe('ООО ');
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom('auto' as const, ...pbxCharsets),
        (bytes, charset) => {
          expect(readable(bytes, charset)).not.toContain('\ufffd');
        },
      ),
    );
  });
});

it('decodes each line by itself', () => {
  const line = (name: Uint8Array) => Buffer.from(name).toString('latin1');
  const text = ['A: 1', `B: ${line(bytesOf('Иванов', 'windows-1251'))}`, `C: ${line(Buffer.from('Иванов'))}`, ''];
  expect(readableLines(text.join('\r\n'), 'auto')).toBe('A: 1\r\nB: Иванов\r\nC: Иванов\r\n');
});
