import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { reason } from '../../domain/reasons/reasons.ts';
import { ServiceError } from './service-error.ts';

/** What TLS is told of whom to trust. */
export type Trusted = Pick<tls.SecureContextOptions, 'ca'>;

/** Trusts the authorities in a PEM file beside the well-known ones; without a file only these. Throws a {@link ServiceError} where it can't be read. */
export function trusting(file: string | undefined): Trusted {
  if (file === undefined) return {};
  try {
    return { ca: [...tls.rootCertificates, readFileSync(file, 'utf8')] };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '?';
    throw new ServiceError('access', reason('authoritiesUnreadable', { file, error: code }));
  }
}
