import type { AsteriskConfig } from './schema.ts';

/** Options for Node's TLS from the settings. */
export function tlsOptions(tls: Exclude<AsteriskConfig['ami']['tls'], false>): {
  ca?: string;
  rejectUnauthorized: boolean;
} {
  if (tls === true) return { rejectUnauthorized: true };
  return { ...(tls.ca !== undefined && { ca: tls.ca }), rejectUnauthorized: tls.rejectUnauthorized ?? true };
}
