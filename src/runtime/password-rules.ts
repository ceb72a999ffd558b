import { commonPasswords } from './common-passwords.ts';

/** Characters that a new password has at least. */
const shortestPassword = 10;

/** What is wrong with a new password, in words that fit behind "the password"; null where it will do. Passwords set before stay good. */
export function passwordProblem(password: string, login: string): string | null {
  const characters = [...password.normalize('NFC')];
  if (characters.length < shortestPassword) return `needs at least ${shortestPassword} characters`;
  const plain = password.normalize('NFKC').toLowerCase().trim();
  if (new Set(plain).size === 1) return 'is one character over and over';
  if (plain === login.normalize('NFKC').toLowerCase().trim()) return 'is the login itself';
  if (commonPasswords.has(plain)) return 'is one of those that are tried first, everywhere; choose another one';
  return null;
}
