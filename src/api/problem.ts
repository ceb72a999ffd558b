import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Interaction } from '../domain/interaction/interaction.ts';
import { RefusedQueryError, StoreUnavailableError } from '../domain/ports/store.ts';
import type { WriteError, WriteResult } from '../domain/ports/writes.ts';

/** A fault in a request. `path` is a JSON pointer. */
export interface ProblemDetail {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

const titles = {
  'bad-request': [400, 'The request could not be read'],
  unauthorized: [401, 'Not logged in'],
  forbidden: [403, 'Not allowed'],
  'not-found': [404, 'Not found'],
  conflict: [409, 'The current state does not allow it'],
  stale: [412, 'It has changed in the meantime'],
  'too-large': [413, 'Too large'],
  'unsupported-type': [415, 'This content type is not supported'],
  'range-not-satisfiable': [416, 'The range is not available'],
  invalid: [422, 'The request is invalid'],
  'too-many': [429, 'Too many requests'],
  internal: [500, 'Internal error'],
  unavailable: [503, 'Currently unavailable'],
} as const satisfies Record<string, readonly [number, string]>;

/** The types of problem. docs/rest.md explains each. */
export type ProblemSlug = keyof typeof titles;

/** All types of problem. */
export const problemSlugs = Object.keys(titles) as readonly ProblemSlug[];

/** The `type` of a problem. */
export type ProblemUrn = `urn:patchbay:${ProblemSlug}`;

/** Thrown by handlers to answer with problem details (RFC 9457). `detail` is for people, and must not contain personal data. */
export class Problem extends Error {
  readonly slug: ProblemSlug;
  readonly details: readonly ProblemDetail[];

  constructor(slug: ProblemSlug, detail: string, details: readonly ProblemDetail[] = []) {
    super(detail);
    this.slug = slug;
    this.details = details;
  }
}

/** A fault in one key that no schema can find. `path` is a JSON pointer. */
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

/** The type of problem that a refused write answers with. */
export function problemOf(code: WriteError): ProblemSlug {
  return writeProblems[code];
}

/** The result of a successful write. Throws the matching problem otherwise. */
export function written(result: WriteResult | undefined): Extract<WriteResult, { ok: true }> {
  if (result === undefined) throw new Problem('internal', 'nothing was written');
  if (!result.ok) {
    const { code, message, path } = result;
    const details = path === undefined ? [] : [{ path, code, message }];
    throw new Problem(writeProblems[code], message, details);
  }
  return result;
}

/** The interaction that a successful write created or changed. Throws the matching problem otherwise. */
export function writtenInteraction(result: WriteResult | undefined): Interaction {
  const interaction = written(result).changes[0]?.interaction;
  if (interaction === undefined) throw new Problem('internal', 'nothing was written');
  return interaction;
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

/** The validator's findings, each at its key. A failed `anyOf` is left out: its alternatives have findings of their own. */
function detailsOf(findings: readonly Finding[]): readonly ProblemDetail[] {
  const specific = findings.filter(
    ({ keyword, params }) => keyword !== 'anyOf' && !(keyword === 'type' && params.type === 'null'),
  );
  return (specific.length === 0 ? findings : specific).map(({ instancePath, keyword, params, message }) => {
    const key = keyword === 'additionalProperties' ? params.additionalProperty : params.missingProperty;
    const path =
      typeof key === 'string' ? `${instancePath}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath;
    return { path, code: keyword, message: wordsOf(keyword, params) ?? message ?? 'not as expected' };
  });
}

function wordsOf(keyword: string, params: Finding['params']): string | null {
  if (keyword === 'additionalProperties') return 'unknown key';
  if (keyword === 'required') return 'is missing';
  if (keyword === 'enum' && Array.isArray(params.allowedValues))
    return `expected one of: ${params.allowedValues.join(', ')}`;
  return null;
}

/** Fastify's error handler. Every error becomes a problem. Stack traces only go to the log. */
export function handleError(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return sendProblem(reply, error.slug, error.message, error.details);
  if (error.validation !== undefined) {
    const errors = detailsOf(error.validation).slice(0, maxErrors);
    const part = parts[error.validationContext ?? ''] ?? 'request';
    return sendProblem(reply, 'invalid', `the ${part} is not as expected`, errors);
  }
  if (error instanceof StoreUnavailableError) {
    request.log.error({ err: error, route: request.routeOptions.url }, 'request failed: store unavailable');
    return sendProblem(reply.header('retry-after', 1), 'unavailable', 'the store is unavailable; try again');
  }
  if (error instanceof RefusedQueryError) return sendProblem(reply, 'invalid', 'this value cannot be searched for');
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return sendProblem(reply, bySyntax[status] ?? 'bad-request', clientWords(error));
  request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  return sendProblem(reply, 'internal', 'see the log of the server');
}

/** Fastify's own messages are static. A JSON parser's message may quote the body, so it is replaced. */
function clientWords(error: FastifyError): string {
  return error.code?.startsWith('FST_') && !error.code.includes('JSON') ? error.message : 'the body is not valid JSON';
}
