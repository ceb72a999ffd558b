import { describe, expect, it } from 'vitest';
import { commonPasswords } from '../../src/runtime/common-passwords.ts';
import { passwordProblem } from '../../src/runtime/password-rules.ts';

describe('a new password', () => {
  it.each(['desks-of-an-office', 'пароль-конторы', 'x9!Kq2#mZp', 'a'.repeat(9).concat('b')])(
    'may be %s',
    (password) => {
      expect(passwordProblem(password, 'anna')).toBeNull();
    },
  );

  it.each([
    ['short', 'at least 10 characters'],
    ['😀😀😀😀😀', 'at least 10 characters'],
    ['aaaaaaaaaaaa', 'one character'],
    ['ЖЖЖЖЖЖЖЖЖЖЖЖ', 'one character'],
    ['anna.ivanova@example.com', 'the login itself'],
    ['Anna.Ivanova@Example.com', 'the login itself'],
    ['password123', 'most common'],
    ['Password123', 'most common'],
    ['qwertyuiop', 'most common'],
    ['1234567890', 'most common'],
  ])('may not be %s', (password, problem) => {
    expect(passwordProblem(password, 'anna.ivanova@example.com')).toContain(problem);
  });

  it('is compared with more than a thousand of the most common ones', () => {
    expect(commonPasswords.size).toBeGreaterThan(1500);
  });
});
