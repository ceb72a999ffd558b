import { readFileSync } from 'node:fs';
import { ServiceError } from './service-error.ts';

/** The certificate authorities in a PEM file. Throws a {@link ServiceError} where it can't be read. */
export function authorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ServiceError('access', `the certificate authorities in ${file} can't be read: ${code}`);
  }
}
