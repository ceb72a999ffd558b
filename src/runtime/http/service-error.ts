import type { ConnectionHealth } from '../../domain/ports/connection-state.ts';

/** What a failure of an outside service means for the request. */
export type TroubleKind =
  /** The service is busy or asks for a pause. The request was not carried out. */
  | 'later'
  /** Our token is unknown or lacks permission, so an administrator has to act. The request was not carried out. */
  | 'access'
  /** The service rejects this particular request for good. */
  | 'refused'
  /** The service was not reached. The request was not carried out. */
  | 'unreachable'
  /** The connection broke after the request may have arrived. It is unknown whether it was carried out. */
  | 'unknown';

/** A failure of an outside service. The message is meant for administrators and managers and contains no secrets. */
export class ServiceError extends Error {
  readonly trouble: TroubleKind;
  /** The delay that the service asked for, in milliseconds. */
  readonly after: number | null;

  /** The service's own error code. */
  readonly code: string | null;

  constructor(trouble: TroubleKind, message: string, after: number | null = null, code: string | null = null) {
    super(message);
    this.name = 'ServiceError';
    this.trouble = trouble;
    this.after = after;
    this.code = code;
  }
}

/** Converts any error to a ServiceError; unexpected errors become `unknown`. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('unknown', 'an unexpected error occurred; see the log');
}

/** For steps before the actual sending, such as an upload or a query: if one breaks off, nothing is uncertain. */
export async function withoutUncertainty<Result>(step: Promise<Result>): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    const { trouble, message, after, code } = asServiceError(error);
    throw new ServiceError(trouble === 'unknown' ? 'later' : trouble, message, after, code);
  }
}

/** The health of a connection after an error: `failed` only if a person has to act. */
export function healthOf(error: ServiceError): ConnectionHealth {
  return error.trouble === 'access' || error.trouble === 'refused' ? 'failed' : 'degraded';
}
