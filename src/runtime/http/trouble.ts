import { cleanText } from '../../domain/directory/identifiers.ts';
import { reason } from '../../domain/reasons/reasons.ts';
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
  const message = error instanceof Error ? error.message : null;
  if (error instanceof ForbiddenAddressError)
    return new ServiceError('refused', reason('addressForbidden', { service, said: message }));
  if (error instanceof ProxyError)
    return new ServiceError('unreachable', reason('proxyFailed', { service, said: message }));
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError') return new ServiceError('unknown', reason('serviceSilent', { service }));
  if (name === 'AbortError') return new ServiceError('unknown', reason('programStopping'));
  const code = error instanceof Error && 'code' in error ? cleanText(String(error.code), 200) : '';
  if (untrusted.test(code))
    return new ServiceError('unreachable', reason('certificateUntrusted', { service, error: code }));
  const trouble = neverLeft.test(code) ? 'unreachable' : 'unknown';
  return new ServiceError(
    trouble,
    code === '' ? reason('serviceCut', { service }) : reason('serviceUnreachable', { service, said: code }),
  );
}
