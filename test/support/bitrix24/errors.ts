/** An error of the REST API, with its HTTP status. */
export class PortalError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

/** The error that most old methods raise. */
export function coreError(description: string): PortalError {
  return new PortalError(400, 'ERROR_CORE', description);
}

/** An old CRM method's error: it has no code. */
export function crmError(description: string): PortalError {
  return new PortalError(400, '', description);
}

/** Errors that any method can answer. */
export const systemErrors = {
  internal: () => new PortalError(500, 'INTERNAL_SERVER_ERROR', 'Internal server error'),
  tooMany: () => new PortalError(503, 'QUERY_LIMIT_EXCEEDED', 'Too many requests'),
  operating: () => new PortalError(429, 'OPERATION_TIME_LIMIT', 'Method is blocked due to operation time limit.'),
  overload: () => new PortalError(503, 'OVERLOAD_LIMIT', 'REST API is blocked due to overload.'),
  noSubscription: () => new PortalError(403, 'ACCESS_DENIED', 'REST API is available only on commercial plans'),
  noAuth: () => new PortalError(401, 'NO_AUTH_FOUND', 'Wrong authorization data'),
  expired: () => new PortalError(401, 'expired_token', 'The access token provided has expired.'),
  scope: () =>
    new PortalError(
      403,
      'insufficient_scope',
      'The request requires higher privileges than provided by the webhook token',
    ),
  wrongAuth: () => new PortalError(403, 'WRONG_AUTH_TYPE', 'Current authorization type is denied for this method'),
  notFound: () => new PortalError(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!'),
  accessDenied: (why = 'Access denied!') => new PortalError(403, 'ACCESS_DENIED', why),
  licence: (feature: string) =>
    new PortalError(403, 'WRONG_LICENSE', `This feature is not enabled for the current license: ${feature}`),
  batchLength: () => new PortalError(400, 'ERROR_BATCH_LENGTH_EXCEEDED', 'Max batch length exceeded'),
  batchInBatch: () => new PortalError(405, 'ERROR_BATCH_METHOD_NOT_ALLOWED', 'Method is not allowed for batch usage'),
};
