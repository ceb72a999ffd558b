import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseEmail } from '../../../src/domain/directory/email-address.ts';
import { cleanText, isOrdinaryNumber, parsePhone } from '../../../src/domain/directory/identifiers.ts';

describe('phone numbers', () => {
  it.each([
    '8 916 123-45-67',
    '+7 (916) 123 45 67',
    '79161234567',
    '9161234567',
    '8-916-1234567',
    '8109161234567'.replace('810', '8'),
  ])('normalises %s to the same number', (raw) => {
    expect(parsePhone(raw, 'RU').phone).toBe('+79161234567');
  });

  it.each(['101', '112', 's', '', 'anonymous', '1234567', '12345678901234567890', '+0000000000'])(
    'does not read %j as a number',
    (raw) => {
      expect(parsePhone(raw, 'RU').phone).toBeNull();
    },
  );

  it.each([
    ['8 (495) 123-45-67 доб. 12', '12'],
    ['84951234567#12', '12'],
    ['+7 495 123-45-67 ext 305', '305'],
    ['+74951234567;ext=5', '5'],
  ])('keeps the extension of %s separate', (raw, ext) => {
    expect(parsePhone(raw, 'RU')).toEqual({ phone: '+74951234567', ext });
  });

  it('reads foreign numbers with and without the international prefix', () => {
    expect(parsePhone('810375291234567', 'RU').phone).toBe('+375291234567');
    expect(parsePhone('375291234567', 'RU').phone).toBe('+375291234567');
    expect(parsePhone('00442079460958', 'RU').phone).toBe('+442079460958');
  });

  it('never throws, and normalises its own result to itself', () => {
    fc.assert(
      fc.property(fc.string(), (raw) => {
        const { phone } = parsePhone(raw, 'RU');
        if (phone !== null) expect(parsePhone(phone, 'RU').phone).toBe(phone);
      }),
    );
  });
});

describe('e-mail addresses and texts', () => {
  it('compares addresses case-insensitively', () => {
    expect(normaliseEmail(' Ivan@Example.RU ')).toBe('ivan@example.ru');
    expect(normaliseEmail('ivan@localhost')).toBeNull();
    expect(normaliseEmail('a@b@c.ru')).toBeNull();
  });

  it('removes line breaks', () => {
    expect(cleanText('Ivan\r\nAction: Originate\u2028x', 100)).toBe('Ivan Action: Originate x');
    expect(cleanText('ПРИВЕТ 🙂'.repeat(100), 10)).toHaveLength(10);
  });
});

describe('ordinary numbers', () => {
  it.each([
    ['+79161234567', ['RU'], true],
    ['+74951234567', ['RU'], true],
    ['+78001234567', ['RU'], false],
    ['+78091234567', ['RU'], false],
    ['+77012345678', ['RU'], false],
    ['+77012345678', ['RU', 'KZ'], true],
    ['+4930901820', ['RU'], false],
    ['+112', ['RU'], false],
  ])('%s in %s: %s', (phone, countries, expected) => {
    expect(isOrdinaryNumber(phone, countries)).toBe(expected);
  });
});
