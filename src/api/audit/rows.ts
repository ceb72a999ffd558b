import type { AuditAction } from '../../domain/access/audit.ts';

/** What the audit log records of a route. */
export interface AuditRow {
  /** Null: nothing is recorded, only counted as reading. */
  readonly action: AuditAction | null;
  /** The action recorded when the request is refused (401, 403). */
  readonly refused?: AuditAction;
  /** Whether its answers count towards a user's hourly reading. */
  readonly counts?: true;
}

const read = (action: AuditAction): AuditRow => ({ action, counts: true });
const change: AuditRow = { action: 'change' };
const remove: AuditRow = { action: 'delete' };
const administer: AuditRow = { action: 'administer' };

/**
 * Every route below `/api/v1`, and what the audit log records of it. Null: nothing, because the route neither shows nor
 * changes personal data, or because its callers are not users (forms, webhooks). The program does not start while a route
 * has no row.
 */
export const auditRows: Readonly<Record<string, AuditRow | null>> = {
  'POST /session': { action: 'login', refused: 'login-refused' },
  'GET /session': null,
  'DELETE /session': { action: 'logout' },
  'GET /setup': null,
  'POST /setup': administer,
  'GET /users': null,
  'PATCH /users/:login': administer,
  'DELETE /users/:login': administer,
  'DELETE /users/:login/sessions': administer,
  'GET /tokens': null,
  'DELETE /tokens/:name': administer,
  'GET /sessions': null,
  'DELETE /sessions/:id': administer,
  'GET /audit': null,

  'GET /clients': read('list-clients'),
  'GET /clients/:id': read('read-client'),
  'PUT /clients/:id': change,
  'DELETE /clients/:id': remove,
  'POST /clients/import': change,
  'GET /match': read('list-clients'),
  'GET /route': null,

  'GET /interactions': { action: null, counts: true },
  'GET /interactions/:id': read('read-interaction'),
  'GET /interactions/:id/history': null,
  'GET /interactions/:id/html': read('read-letter'),
  'GET /interactions/:id/ways': null,
  'POST /interactions': change,
  'PATCH /interactions/:id': change,
  'POST /interactions/:id/handover': change,
  'POST /interactions/:id/close': change,
  'GET /conversations': { action: null, counts: true },
  'GET /conversations/counts': null,
  'POST /conversations/handover': change,
  'POST /conversations/close': change,
  'GET /recordings/:id': read('hear-recording'),
  'GET /recordings/:id/transcript': read('read-transcript'),
  'PUT /recordings/:id/transcript': change,
  'GET /attachments/:id': read('read-attachment'),
  'POST /messages': { action: 'send' },
  'POST /messages/:id/resend': { action: 'send' },
  'POST /messages/:id/cancel': { action: 'send' },
  'POST /messages/:id/send-now': { action: 'send' },
  'POST /calls': { action: 'call' },
  'POST /calls/:id/commands': change,
  'POST /calls/:id/listen': { action: 'listen' },
  'POST /calls/pick-up': change,
  'GET /commands/:id': null,

  'GET /leads': { action: null, counts: true },
  'GET /leads/:id': { action: null, counts: true },
  'POST /leads/:id/take': change,
  'POST /leads/:id/qualify': change,
  'POST /leads/:id/reject': change,
  'GET /tasks': { action: null, counts: true },
  'POST /tasks': change,
  'GET /tasks/:id': { action: null, counts: true },
  'POST /tasks/:id/done': change,

  'GET /deliveries': null,
  'POST /deliveries/:id/retry': administer,
  'GET /quarantine': null,
  'GET /quarantine/:id': read('read-interaction'),
  'POST /quarantine/:id/retry': administer,
  'DELETE /quarantine/:id': administer,
  'GET /connections': null,
  'GET /alarms': null,
  'GET /managers': null,
  'GET /lines': null,
  'GET /answers': null,
  'GET /answers/:id/files/:file': null,
  'GET /templates': null,
  'GET /reports/quiet-lines': { action: 'export' },
  'GET /undeliverable': { action: null, counts: true },
  'DELETE /undeliverable/:email': change,

  'GET /hooks/:connection': null,
  'POST /hooks/:connection': null,
  'GET /openapi.json': null,
  'GET /docs': null,
};

/** Routes that visitors of sites call. */
const ofVisitors = /^(GET|POST|OPTIONS) \/(forms|widget)(\/|$)/;

/** The row of a route, or undefined when there is none. */
export function auditRowOf(method: string, path: string): AuditRow | null | undefined {
  const route = `${method} ${path}`;
  return ofVisitors.test(route) ? null : auditRows[route];
}
