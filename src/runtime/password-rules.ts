import { commonPasswords } from './common-passwords.ts';

/** Minimum length of a new password. */
const minLength = 10;

/**
 * The problem with a new password, phrased to follow "the password"; null if there is none. Existing passwords stay
 * valid.
 */
export function passwordProblem(password: string, login: string): string | null {
  const characters = [...password.normalize('NFC')];
  if (characters.length < minLength) return `needs at least ${minLength} characters`;
  const plain = password.normalize('NFKC').toLowerCase().trim();
  if (new Set(plain).size === 1) return 'is one character over and over';
  if (plain === login.normalize('NFKC').toLowerCase().trim()) return 'is the login itself';
  if (commonPasswords.has(plain)) return 'is one of the most common passwords; choose another one';
  return null;
}
