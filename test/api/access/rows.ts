import type { Role } from '../../../src/domain/access/access.ts';
import type { Persona, Things } from './office.ts';

/** The request of a row. */
export interface Asked {
  readonly path: string;
  readonly body?: unknown;
}

/** Who may use a route, and the expected response. */
export type Row =
  /** The result depends on the owner of the thing: `ok` if it is visible, otherwise `hidden`. */
  | {
      readonly of: 'thing';
      readonly roles: readonly Role[];
      readonly ask: (things: Things) => Asked;
      readonly ok: number;
      readonly hidden: number;
      /** Each persona needs a thing of its own, because the first request changes it. */
      readonly fresh?: true;
      /** The status that this persona gets although the thing is visible. */
      readonly unless?: (persona: Persona, things: Things) => number | null;
    }
  /** Lists what is visible: the response contains these ids of {@link Things}. */
  | {
      readonly of: 'list';
      readonly roles: readonly Role[];
      readonly path: string;
      readonly id: (things: Things) => string;
      readonly pick?: (item: never) => string;
    }
  /** Concerns no owner: `ok` for these roles, `narrowed` for those of them without company scope. */
  | {
      readonly of: 'nobody';
      readonly roles: readonly Role[];
      readonly ask: () => Asked;
      readonly ok: number;
      readonly narrowed?: number;
    }
  /** Needs no login. */
  | { readonly of: 'anybody'; readonly ask: () => Asked; readonly status: number };

const everybody: readonly Role[] = ['operator', 'supervisor', 'admin', 'integration'];
const overseers: readonly Role[] = ['supervisor', 'admin', 'integration'];
const adminsAndIntegrations: readonly Role[] = ['admin', 'integration'];
const admins: readonly Role[] = ['admin'];
const startedAt = '2026-01-12T12:00:00Z';

/** A route open to everybody who may see the thing. */
const thing = (ask: (things: Things) => Asked, ok: number, more: object = {}): Row => ({
  of: 'thing',
  roles: everybody,
  ask,
  ok,
  hidden: 404,
  ...more,
});
const fresh = { fresh: true } as const;
const nobody = (roles: readonly Role[], path: string, ok: number, more: object = {}): Row => ({
  of: 'nobody',
  roles,
  ask: () => ({ path }),
  ok,
  ...more,
});
/** Operators may act only as themselves. */
const asOneself = ({ role }: Persona, { manager }: Things) => (role === 'operator' && manager !== 'anna' ? 403 : null);

/** Every route below `/api/v1`, by role, scope and owner. */
export const rows: Readonly<Record<string, Row>> = {
  'POST /session': {
    of: 'anybody',
    ask: () => ({ path: '/session', body: { login: 'x', password: 'wrong-password' } }),
    status: 401,
  },
  'GET /session': nobody(everybody, '/session', 200),
  'DELETE /session': nobody(everybody, '/session', 204),
  'GET /setup': { of: 'anybody', ask: () => ({ path: '/setup' }), status: 200 },
  'POST /setup': {
    of: 'anybody',
    ask: () => ({ path: '/setup', body: { code: 'x', login: 'x', password: 'a-long-enough-one' } }),
    status: 409,
  },
  'GET /users': nobody(admins, '/users', 200),
  'PATCH /users/:login': {
    of: 'nobody',
    roles: admins,
    ask: () => ({ path: '/users/none', body: { disabled: true } }),
    ok: 404,
  },
  'DELETE /users/:login': nobody(admins, '/users/none', 404),
  'DELETE /users/:login/sessions': nobody(admins, '/users/none/sessions', 404),
  'GET /tokens': nobody(admins, '/tokens', 200),
  'DELETE /tokens/:name': nobody(admins, '/tokens/none', 404),
  'GET /sessions': nobody(admins, '/sessions', 200),
  'DELETE /sessions/:id': nobody(admins, `/sessions/${'0'.repeat(24)}`, 404),
  'GET /audit': nobody(admins, '/audit', 200),

  'GET /clients': { of: 'list', roles: everybody, path: '/clients?limit=200', id: ({ client }) => client },
  'GET /clients/:id': thing(({ client }) => ({ path: `/clients/${client}` }), 200),
  'PUT /clients/:id': {
    of: 'nobody',
    roles: adminsAndIntegrations,
    ask: () => ({ path: '/clients/new', body: { name: 'New' } }),
    ok: 200,
  },
  'DELETE /clients/:id': nobody(adminsAndIntegrations, '/clients/none', 404),
  'POST /clients/import': nobody(adminsAndIntegrations, '/clients/import', 415),
  'GET /match': {
    of: 'thing',
    roles: everybody,
    ask: ({ call }) => ({ path: `/match?phone=${encodeURIComponent(call.party.raw)}` }),
    ok: 200,
    // The client stays unnamed here; another test covers that.
    hidden: 200,
  },
  'GET /route': nobody(everybody, '/route?phone=1', 200, { narrowed: 403 }),

  'GET /interactions': { of: 'list', roles: everybody, path: '/interactions?limit=200', id: ({ call }) => call.id },
  'GET /interactions/:id': thing(({ call }) => ({ path: `/interactions/${call.id}` }), 200),
  'GET /interactions/:id/history': thing(({ call }) => ({ path: `/interactions/${call.id}/history` }), 200),
  'GET /interactions/:id/html': thing(({ letter }) => ({ path: `/interactions/${letter.id}/html` }), 200),
  'GET /interactions/:id/ways': thing(({ letter }) => ({ path: `/interactions/${letter.id}/ways` }), 200),
  'POST /interactions': {
    of: 'thing',
    roles: everybody,
    ask: ({ client, manager }) => ({
      path: '/interactions',
      body: { channel: 'meeting', direction: 'outbound', client, manager, startedAt },
    }),
    ok: 201,
    hidden: 422,
    unless: asOneself,
  },
  'PATCH /interactions/:id': thing(({ call }) => ({ path: `/interactions/${call.id}`, body: { note: 'a note' } }), 200),
  'POST /interactions/:id/handover': thing(
    ({ letter, manager }) => ({
      path: `/interactions/${letter.id}/handover`,
      body: { to: manager === 'boris' ? 'anna' : 'boris' },
    }),
    200,
    fresh,
  ),
  'POST /interactions/:id/close': thing(({ letter }) => ({ path: `/interactions/${letter.id}/close` }), 200, fresh),
  'GET /conversations': {
    of: 'list',
    roles: everybody,
    path: '/conversations?state=open&limit=200',
    id: ({ letter }) => letter.thread ?? letter.id,
  },
  'GET /conversations/counts': nobody(everybody, '/conversations/counts', 200),
  // Each conversation has a result of its own: a test of its own covers that.
  'POST /conversations/handover': {
    of: 'nobody',
    roles: everybody,
    ask: () => ({ path: '/conversations/handover', body: { interactions: ['none'], to: 'anna' } }),
    ok: 200,
  },
  'POST /conversations/close': {
    of: 'nobody',
    roles: everybody,
    ask: () => ({ path: '/conversations/close', body: { interactions: ['none'] } }),
    ok: 200,
  },
  // Whatever their scope, operators may hear only their own calls.
  'GET /recordings/:id': thing(({ recording }) => ({ path: `/recordings/${recording}` }), 200, { unless: asOneself }),
  'GET /recordings/:id/transcript': thing(({ recording }) => ({ path: `/recordings/${recording}/transcript` }), 200, {
    unless: asOneself,
  }),
  'PUT /recordings/:id/transcript': {
    of: 'thing',
    roles: adminsAndIntegrations,
    ask: ({ recording }) => ({
      path: `/recordings/${recording}/transcript`,
      body: { phrases: [{ from: 0, to: 1, text: 'Hello' }] },
    }),
    ok: 204,
    hidden: 404,
  },
  'GET /attachments/:id': thing(({ attachment }) => ({ path: `/attachments/${attachment}` }), 200),
  'POST /messages': thing(
    ({ letter }) => ({ path: '/messages', body: { interaction: letter.id, manager: 'anna', text: 'Hello' } }),
    202,
  ),
  // A call cannot be resent. Only those who may see it learn that.
  'POST /messages/:id/resend': thing(({ call }) => ({ path: `/messages/${call.id}/resend` }), 409),
  'POST /messages/:id/cancel': thing(({ call }) => ({ path: `/messages/${call.id}/cancel` }), 404),
  'POST /messages/:id/send-now': thing(({ call }) => ({ path: `/messages/${call.id}/send-now` }), 404),
  'POST /calls': thing(
    ({ call }) => ({ path: '/calls', body: { interaction: call.id, manager: 'anna', phone: '+79161234567' } }),
    202,
  ),

  // Nothing rings for an ended call. Only those who may see it learn that.
  'POST /calls/:id/commands': thing(
    ({ call }) => ({ path: `/calls/${call.id}/commands`, body: { action: 'hang_up' } }),
    409,
  ),
  'POST /calls/:id/listen': {
    of: 'thing',
    roles: ['supervisor', 'admin'],
    ask: ({ call }) => ({ path: `/calls/${call.id}/listen`, body: {} }),
    ok: 409,
    hidden: 404,
  },
  'POST /calls/pick-up': nobody(everybody, '/calls/pick-up', 422),
  'GET /commands/:id': nobody(everybody, '/commands/019b1f0e-5c00-7000-8000-00000000c0de', 404),

  'GET /leads': { of: 'list', roles: everybody, path: '/leads?limit=200', id: ({ lead }) => lead },
  'GET /leads/:id': thing(({ lead }) => ({ path: `/leads/${lead}` }), 200),
  'POST /leads/:id/take': thing(({ lead }) => ({ path: `/leads/${lead}/take` }), 200, fresh),
  'POST /leads/:id/qualify': thing(({ lead }) => ({ path: `/leads/${lead}/qualify`, body: {} }), 200, fresh),
  'POST /leads/:id/reject': thing(({ lead }) => ({ path: `/leads/${lead}/reject`, body: {} }), 200, fresh),
  'GET /tasks': { of: 'list', roles: everybody, path: '/tasks?limit=200', id: ({ task }) => task },
  'POST /tasks': {
    of: 'thing',
    roles: everybody,
    ask: ({ call, manager }) => ({ path: '/tasks', body: { interaction: call.id, manager, text: 'Call again' } }),
    ok: 201,
    hidden: 403,
  },
  'GET /tasks/:id': thing(({ task }) => ({ path: `/tasks/${task}` }), 200),
  'POST /tasks/:id/done': thing(({ task }) => ({ path: `/tasks/${task}/done` }), 200, fresh),

  'GET /quarantine': nobody(admins, '/quarantine', 200),
  'GET /quarantine/:id': nobody(admins, '/quarantine/none', 404),
  'POST /quarantine/:id/retry': nobody(admins, '/quarantine/none/retry', 404),
  'DELETE /quarantine/:id': nobody(admins, '/quarantine/none', 404),
  'GET /deliveries': nobody(overseers, '/deliveries', 200, { narrowed: 403 }),
  'POST /deliveries/:id/retry': nobody(adminsAndIntegrations, '/deliveries/999/retry', 404),
  'GET /connections': nobody(everybody, '/connections', 200),
  'GET /alarms': nobody(everybody, '/alarms', 200),
  'GET /managers': nobody(everybody, '/managers', 200),
  'GET /lines': nobody(everybody, '/lines', 200),
  'GET /answers': nobody(everybody, '/answers', 200),
  'GET /answers/:id/files/:file': nobody(everybody, '/answers/none/files/0', 404),
  'GET /templates': nobody(everybody, '/templates?connection=none', 404),
  'GET /reports/quiet-lines': nobody(overseers, '/reports/quiet-lines', 200),
  'GET /undeliverable': nobody(everybody, '/undeliverable', 200, { narrowed: 403 }),
  'DELETE /undeliverable/:email': nobody(everybody, '/undeliverable/none@example.com', 404),

  'GET /hooks/:connection': { of: 'anybody', ask: () => ({ path: '/hooks/none' }), status: 404 },
  'POST /hooks/:connection': { of: 'anybody', ask: () => ({ path: '/hooks/none', body: {} }), status: 404 },
  'GET /openapi.json': { of: 'anybody', ask: () => ({ path: '/openapi.json' }), status: 200 },
  // The page is not built in this test.
  'GET /docs': { of: 'anybody', ask: () => ({ path: '/docs' }), status: 503 },
};
