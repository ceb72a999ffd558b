import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { RefusedQueryError, StoreUnavailableError } from '../domain/ports/store.ts';
import type { WriteError, WriteResult } from '../domain/ports/writes.ts';

/** One thing that is wrong with what was sent. `path` is a JSON pointer. */
export interface ProblemDetail {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

const titles = {
  'bad-request': [400, 'The request could not be read'],
  unauthorized: [401, 'Log in first'],
  forbidden: [403, 'Not allowed'],
  'not-found': [404, 'There is no such thing'],
  conflict: [409, 'The present state forbids it'],
  stale: [412, 'It has changed meanwhile'],
  'too-large': [413, 'Too large'],
  'unsupported-type': [415, 'This content type is not taken'],
  'range-not-satisfiable': [416, 'No such range'],
  invalid: [422, 'What was sent is not as expected'],
  'too-many': [429, 'Too many attempts'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'Not available now'],
} as const satisfies Record<string, readonly [number, string]>;

/** The kinds of problem; each has its own status. */
export type ProblemSlug = keyof typeof titles;

/** What a handler throws to answer with an RFC 9457 problem. `detail` is for people and must hold no personal data. */
export class Problem extends Error {
  readonly slug: ProblemSlug;
  readonly details: readonly ProblemDetail[];

  constructor(slug: ProblemSlug, detail: string, details: readonly ProblemDetail[] = []) {
    super(detail);
    this.slug = slug;
    this.details = details;
  }
}

/** One thing in what was sent that no schema can see; `path` is a JSON pointer. */
export function invalid(path: string, code: string, message: string): Problem {
  return new Problem('invalid', 'the request is not as expected', [{ path, code, message }]);
}

const writeProblems: Readonly<Record<WriteError, ProblemSlug>> = {
  fenced: 'conflict',
  stale: 'stale',
  not_found: 'not-found',
  conflict: 'conflict',
  invalid: 'invalid',
  too_many: 'too-many',
};

/** The result of a write that must have gone well; else the problem it stands for. */
export function written(result: WriteResult | undefined): Extract<WriteResult, { ok: true }> {
  if (result === undefined) throw new Problem('internal', 'nothing was written');
  if (!result.ok) {
    const { code, message, path } = result;
    const details = path === undefined ? [] : [{ path, code, message }];
    throw new Problem(writeProblems[code], message, details);
  }
  return result;
}

/** Answers with problem details. */
export function sendProblem(
  reply: FastifyReply,
  slug: ProblemSlug,
  detail: string,
  errors: readonly ProblemDetail[] = [],
): FastifyReply {
  const [status, title] = titles[slug];
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify({ type: `urn:patchbay:${slug}`, title, status, detail, errors }));
}

const bySyntax: Readonly<Record<number, ProblemSlug>> = {
  404: 'not-found',
  413: 'too-large',
  415: 'unsupported-type',
  416: 'range-not-satisfiable',
  429: 'too-many',
};
const maxErrors = 20;
const parts: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
};

type Finding = NonNullable<FastifyError['validation']>[number];

/** What the validator found, each at the key it is about; that none of several forms fitted is told by the forms' own findings. */
function detailsOf(findings: readonly Finding[]): readonly ProblemDetail[] {
  const told = findings.filter(
    ({ keyword, params }) => keyword !== 'anyOf' && !(keyword === 'type' && params.type === 'null'),
  );
  return (told.length === 0 ? findings : told).map(({ instancePath, keyword, params, message }) => {
    const key = keyword === 'additionalProperties' ? params.additionalProperty : params.missingProperty;
    const path =
      typeof key === 'string' ? `${instancePath}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath;
    return { path, code: keyword, message: wordsOf(keyword, params) ?? message ?? 'not as expected' };
  });
}

function wordsOf(keyword: string, params: Finding['params']): string | null {
  if (keyword === 'additionalProperties') return 'there is no such key';
  if (keyword === 'required') return 'is missing';
  if (keyword === 'enum' && Array.isArray(params.allowedValues))
    return `expected one of: ${params.allowedValues.join(', ')}`;
  return null;
}

/** Fastify's error handler: everything that was thrown becomes a problem; a stack never leaves the house. */
export function handleError(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return sendProblem(reply, error.slug, error.message, error.details);
  if (error.validation !== undefined) {
    const errors = detailsOf(error.validation).slice(0, maxErrors);
    const part = parts[error.validationContext ?? ''] ?? 'request';
    return sendProblem(reply, 'invalid', `the ${part} is not as expected`, errors);
  }
  if (error instanceof StoreUnavailableError) {
    request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed for want of the store');
    return sendProblem(reply.header('retry-after', 1), 'unavailable', 'the store can not be reached now; try again');
  }
  if (error instanceof RefusedQueryError)
    return sendProblem(reply, 'invalid', 'what was asked for can not be looked up');
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return sendProblem(reply, bySyntax[status] ?? 'bad-request', clientWords(error));
  request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
  return sendProblem(reply, 'internal', 'the log of the server tells more');
}

/** Fastify's own messages are static; a JSON parser's may quote the body and is replaced. */
function clientWords(error: FastifyError): string {
  return error.code?.startsWith('FST_') && !error.code.includes('JSON') ? error.message : 'the body is not valid JSON';
}
