import type { Reason } from '../../domain/base/reason.ts';
import type { ConnectionHealth } from '../../domain/ports/connection-state.ts';
import { reason, reasonText } from '../../domain/reasons/reasons.ts';

/** What an outside service's trouble means for what was asked of it. */
export type TroubleKind =
  /** Not now: it is busy, or asks for a pause. Nothing was done. */
  | 'later'
  /** It does not know our token or denies the right: an administrator has to act. Nothing was done. */
  | 'access'
  /** This very request is refused, for good. */
  | 'refused'
  /** It was never reached. Nothing was done. */
  | 'unreachable'
  /** It broke off after the request may have arrived: nobody knows whether it was done. */
  | 'unknown';

/** Trouble with an outside service. Its reason holds no secrets; its message is the reason in English. */
export class ServiceError extends Error {
  readonly trouble: TroubleKind;
  readonly reason: Reason;
  /** How long the service asked to be left alone, in milliseconds. */
  readonly after: number | null;
  /** The service's own code of it. */
  readonly code: string | null;

  constructor(trouble: TroubleKind, reason: Reason, after: number | null = null, code: string | null = null) {
    super(reasonText(reason));
    this.name = 'ServiceError';
    this.trouble = trouble;
    this.reason = reason;
    this.after = after;
    this.code = code;
  }
}

/** Any error as trouble of the service; what is not known is `unknown`. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('unknown', reason('unexplained'));
}

/** For steps before the sending proper (an upload, a question): that such a one broke off leaves nothing uncertain. */
export async function harmless<Result>(step: Promise<Result>): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    const { trouble, reason, after, code } = asServiceError(error);
    throw new ServiceError(trouble === 'unknown' ? 'later' : trouble, reason, after, code);
  }
}

/** How a connection fares that met trouble: `failed` only where a human has to act. */
export function healthOf(error: ServiceError): ConnectionHealth {
  return error.trouble === 'access' || error.trouble === 'refused' ? 'failed' : 'degraded';
}
