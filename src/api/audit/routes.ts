import { type Static, Type } from 'typebox';
import { auditActions } from '../../domain/access/audit.ts';
import type { ApiDeps, App } from '../deps.ts';
import { pageAsked, pageParameters } from '../paging.ts';
import { allow } from '../principal.ts';
import { invalid } from '../problem.ts';
import { answers, pageOf, schemaRef, strictObject, words } from '../schemas/common.ts';
import type { AuditEntrySchema } from '../schemas/people.ts';

const Time = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d(T|$)', maxLength: 40, description: 'A day, or RFC 3339.' });
const Query = strictObject({
  ...pageParameters,
  who: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A login, or `token:NAME`.' })),
  action: Type.Optional(words(...auditActions)),
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: 'Id of the thing it was done to.' })),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
});

/** The audit log. */
export function auditRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'admin');
  const schema = {
    operationId: 'listAuditEntries',
    summary: 'List the audit log',
    description: 'The latest first. All given filters apply.',
    tags: ['audit'],
    querystring: Query,
    response: answers({ 200: pageOf(schemaRef<Static<typeof AuditEntrySchema>>('AuditEntry')) }),
  };

  app.get('/audit', { onRequest, schema }, async (request) => {
    const { who, action, subject, since, until } = request.query;
    const page = await deps.store.read.audit({
      ...pageAsked(request.query, 1),
      ...(who !== undefined && { who }),
      ...(action !== undefined && { action }),
      ...(subject !== undefined && { subject }),
      ...(since !== undefined && { since: timeOf(since, '/since') }),
      ...(until !== undefined && { until: timeOf(until, '/until') }),
    });
    return { items: page.items.map((one) => ({ ...one, at: new Date(one.at).toISOString() })), next: page.next };
  });
}

/** Parses a time. Entries are found by their UUIDv7, which holds 48 bits of time. */
function timeOf(value: string, path: string): number {
  const at = Date.parse(value.replace(' ', '+'));
  if (!Number.isFinite(at) || at < 0 || at >= 2 ** 48) throw invalid(path, 'time', 'not a valid time');
  return at;
}
