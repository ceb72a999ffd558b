import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import type { AuditEntry } from '../../domain/access/audit.ts';
import { newInteractionId } from '../../domain/base/ids.ts';
import type { ApiDeps, App } from '../deps.ts';
import { Problem } from '../problem.ts';
import { massReadingAlarms, ReadRate, readingWindow } from './read-rate.ts';
import { type AuditRow, auditRowOf } from './rows.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Ids of the clients and contacts in the answer. */
    answered: readonly string[] | null;
  }
  interface FastifyContextConfig {
    /** What the audit log records of the route. */
    audit?: AuditRow | null;
  }
}

/**
 * Records who did what, for every route by its row, and stops users who read too much. Reading is recorded before the
 * answer is sent, so that nothing is read without a trace.
 */
export function recordAudit(app: App, deps: ApiDeps, prefix: string): ReadRate {
  const rate = new ReadRate(() => deps.access().reads);
  const massReadings = new Counter({
    name: 'patchbay_mass_readings_total',
    help: 'Users who read unusually many clients and contacts within an hour.',
    registers: [deps.metrics],
  });
  app.decorateRequest('answered', null);

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      if (method === 'HEAD') continue;
      const path = route.url.slice(prefix.length);
      const row = auditRowOf(method, path);
      if (row === undefined) throw new Error(`${method} ${path} has no row in api/audit/rows.ts`);
      route.config = { ...route.config, audit: row };
    }
  });

  app.addHook('preHandler', async (request) => {
    const { counts } = request.routeOptions.config.audit ?? {};
    if (counts !== true || request.principal?.kind !== 'user' || !rate.isExhausted(request.principal.login)) return;
    throw new Problem(
      'too-many',
      'this account has read more clients and contacts than allowed within an hour; wait, or ask an administrator',
    );
  });

  app.addHook('preSerialization', async (request, _reply, payload) => {
    request.answered = idsOf(payload);
    return payload;
  });

  app.addHook('onSend', async (request, reply) => {
    const row = request.routeOptions.config.audit;
    if (row == null) return;
    if (reply.statusCode >= 400) {
      const isRefused = reply.statusCode === 401 || reply.statusCode === 403;
      if (row.refused !== undefined && isRefused) await write(request, reply, { ...row, action: row.refused });
      return;
    }
    await write(request, reply, row);
    if (row.counts === true) await count(request, subjectOf(request, reply));
  });

  async function write(request: FastifyRequest, reply: FastifyReply, row: AuditRow): Promise<void> {
    if (row.action === null) return;
    const entry = entryOf(request, { action: row.action, subject: subjectOf(request, reply) });
    try {
      await deps.intake.apply([{ op: 'audit', entry }]);
    } catch (error) {
      // A change has already happened, so it is answered. Reading without a record is refused.
      if (request.method === 'GET') throw error;
      request.log.error({ err: error, route: entry.what }, 'writing to the audit log failed');
    }
  }

  function entryOf(request: FastifyRequest, what: Pick<AuditEntry, 'action' | 'subject'>): AuditEntry {
    const at = deps.clock.now();
    const { method, routeOptions, ip, answered } = request;
    const route = `${method} ${(routeOptions.url ?? '').slice(prefix.length)}`;
    const isList = answered !== null && what.subject === null;
    return {
      id: newInteractionId(at),
      at,
      who: whoOf(request),
      what: route,
      ...what,
      count: isList ? answered.length : null,
      address: ip,
    };
  }

  function tellSupervisors(): void {
    deps.desk.setSupervisorAlarms(massReadingAlarms(rate));
  }

  async function count(request: FastifyRequest, subject: string | null): Promise<void> {
    const { principal, answered } = request;
    if (principal?.kind !== 'user') return;
    const reader = rate.count(principal.login, answered ?? (subject === null ? [] : [subject]), deps.clock.now());
    if (reader === null) return;
    massReadings.inc();
    deps.log.warn({ login: reader.login, reads: reader.reads }, 'a user reads unusually many clients and contacts');
    tellSupervisors();
    setTimeout(tellSupervisors, readingWindow + 1000).unref();
    const entry = { ...entryOf(request, { action: 'mass-reading', subject: null }), count: reader.reads };
    await deps.intake.apply([{ op: 'audit', entry }]);
  }

  return rate;
}

/** The user or token that is recorded, or the login that was tried. */
function whoOf({ principal, body }: FastifyRequest): string {
  if (principal != null) return principal.kind === 'user' ? principal.login : `token:${principal.login}`;
  const { login } = (body ?? {}) as { readonly login?: unknown };
  return typeof login === 'string' ? login.slice(0, 128) : 'unknown';
}

/** The subject: named by the path, else what was created. E-mail addresses are personal data and are left out. */
function subjectOf({ params }: FastifyRequest, reply: FastifyReply): string | null {
  const { id, login, name } = params as Readonly<Record<string, string | undefined>>;
  const made = reply.getHeader('location');
  return id ?? login ?? name ?? (typeof made === 'string' ? (made.split('/').at(-1) ?? null) : null);
}

function idsOf(payload: unknown): readonly string[] | null {
  const { items, candidates } = (payload ?? {}) as { readonly items?: unknown; readonly candidates?: unknown };
  const list = items ?? candidates;
  if (!Array.isArray(list)) return null;
  return list.flatMap(
    (one: { readonly id?: unknown; readonly email?: unknown; readonly client?: { readonly id?: unknown } }) => {
      const id = one.id ?? one.email ?? one.client?.id;
      return typeof id === 'string' ? [id] : [];
    },
  );
}
