import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { ServiceError } from './service-error.ts';

/** The TLS options that select trusted authorities. */
export type Trusted = Pick<tls.SecureContextOptions, 'ca'>;

/**
 * Trusts the authorities in a PEM file in addition to the well-known ones. Throws a {@link ServiceError} if the file
 * cannot be read.
 */
export function trustOptions(file: string | undefined): Trusted {
  if (file === undefined) return {};
  try {
    return { ca: [...tls.rootCertificates, readFileSync(file, 'utf8')] };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ServiceError('access', `the certificate authorities in ${file} can't be read: ${code}`);
  }
}
