import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** scrypt's cost: 32 MB and about 100 ms per guess. */
const cost = { N: 2 ** 15, r: 8, p: 1 };
const keyLength = 32;
/** A hash that matches no password. It is verified for unknown users, so that they take as long as known ones. */
const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(keyLength).toString('base64')}`;

/** Hashes a password for storage: the algorithm, its parameters, the salt and the key, joined by `$`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost.N, cost.r, cost.p);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** Verifies a password. `null` (unknown user) takes as long and never matches. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [algorithm, n, r, p, salt, key] = (stored ?? nobody).split('$');
  if (algorithm !== 'scrypt' || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), Number(n), Number(r), Number(p));
  return expected.length === actual.length && timingSafeEqual(expected, actual) && stored !== null;
}

function derive(password: string, salt: Buffer, N: number, r: number, p: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error === null ? resolve(key) : reject(error));
    scrypt(password.normalize('NFC'), salt, keyLength, { N, r, p, maxmem: 256 * N * r }, done);
  });
}
