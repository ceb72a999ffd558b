import { cleanText } from '../../domain/directory/identifiers.ts';
import { ForbiddenAddressError } from '../public-address.ts';
import { ProxyError } from './dispatchers.ts';
import { ServiceError } from './service-error.ts';

/** Error codes that mean the request cannot have reached the service. */
const neverLeft =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|ERR_TLS_.*|UND_ERR_CONNECT_TIMEOUT)$/;

/** Error codes of certificates that no known authority has signed. */
const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?))$/;

/** Describes why a request to a service failed. */
export function requestTrouble(service: string, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof ForbiddenAddressError)
    return new ServiceError(
      'refused',
      `${service} named a private address: ${error.message} (allowNetworks can permit its network)`,
    );
  if (error instanceof ProxyError)
    return new ServiceError('unreachable', `${service} can't be reached: ${error.message}`);
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError') return new ServiceError('unknown', `${service} did not answer in time`);
  if (name === 'AbortError') return new ServiceError('unknown', 'the program is stopping');
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (untrusted.test(code))
    return new ServiceError(
      'unreachable',
      `the certificate of ${service} is not trusted (${code}): if a private authority signed it, set \`ca\` to the PEM file of that authority`,
    );
  const reason = `${service} can't be reached: ${cleanText(code || 'the connection broke', 200)}`;
  return new ServiceError(neverLeft.test(code) ? 'unreachable' : 'unknown', reason);
}
