import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRows } from '../../../src/api/audit/rows.ts';
import { type AccessOffice, kin, openAccessOffice, type Persona, personas, sees, type Things } from './office.ts';
import { type Asked, rows } from './rows.ts';

describe('who may ask what, of whose', () => {
  let office: AccessOffice;
  let shared: readonly Things[];

  beforeAll(async () => {
    office = await openAccessOffice();
    shared = await Promise.all(kin.map((of) => office.things(of)));
  });
  afterAll(() => office.close());

  async function ask(route: string, { path, body }: Asked, persona: Persona | null): Promise<Response> {
    const [method = ''] = route.split(' ');
    return fetch(`${office.url}/api/v1${path}`, {
      method,
      headers: {
        ...(persona === null ? {} : office.headers(persona)),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** The ids that a listing holds, over all its pages. */
  async function listed(path: string, persona: Persona): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = `${path}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const answer = await ask('GET /', { path: page }, persona);
      const { items, next } = (await answer.json()) as { items: { id: string }[]; next: string | null };
      for (const { id } of items) ids.add(id);
      cursor = next;
    }
    return ids;
  }

  it('has a row for every route, and none for others', () => {
    // The program does not start with a route that has no row for the audit log.
    expect(Object.keys(rows).sort()).toEqual(Object.keys(auditRows).sort());
  });

  it.each(Object.keys(rows).filter((route) => route !== 'DELETE /session'))('%s', async (route) => {
    const row = rows[route];
    if (row === undefined) throw new Error('no row');
    const told: Record<string, unknown> = {};
    const right: Record<string, unknown> = {};
    const note = async (name: string, response: Promise<Response>, expected: number) => {
      const answer = await response;
      told[name] = answer.status;
      right[name] = expected;
      await answer.arrayBuffer();
    };
    if (row.of === 'anybody')
      return note('', ask(route, row.ask(), null), row.status).then(() => expect(told).toEqual(right));
    const [thing] = shared as [Things];
    const first = row.of === 'list' ? { path: row.path } : row.of === 'thing' ? row.ask(thing) : row.ask();
    await note('nobody', ask(route, first, null), 401);
    for (const persona of personas) {
      const { name, role, scope } = persona;
      if (!row.roles.includes(role)) {
        await note(name, ask(route, first, persona), 403);
        continue;
      }
      if (row.of === 'nobody') {
        const ok = scope === 'company' ? row.ok : (row.narrowed ?? row.ok);
        const answer = await ask(route, row.ask(), persona);
        // A thing is made by the first who asks.
        told[name] = answer.status === 201 ? 200 : answer.status;
        right[name] = ok;
        continue;
      }
      if (row.of === 'list') {
        const ids = await listed(row.path, persona);
        told[name] = kin.filter((_, i) => ids.has(row.id(shared[i] as Things)));
        right[name] = kin.filter((of) => sees(persona, of));
        continue;
      }
      for (const [i, of] of kin.entries()) {
        const things = row.fresh === true ? await office.things(of) : (shared[i] as Things);
        const expected = sees(persona, of) ? (row.unless?.(persona, things) ?? row.ok) : row.hidden;
        const unless = row.unless?.(persona, things) ?? null;
        const answer = await ask(route, row.ask(things), persona);
        told[`${name} ${of}`] = answer.status;
        // Where both hold, either refusal is right: nothing is told of the thing.
        right[`${name} ${of}`] = !sees(persona, of) && unless !== null && answer.status === unless ? unless : expected;
        await answer.arrayBuffer();
      }
    }
    expect(told).toEqual(right);
  });

  it('tells of a number whose it is only to who sees the client', async () => {
    const told: Record<string, unknown> = {};
    const right: Record<string, unknown> = {};
    const things = await Promise.all(kin.map((of) => office.things(of)));
    for (const persona of personas)
      for (const { kin: of, call, client } of things) {
        const path = `/match?phone=${encodeURIComponent(call.party.raw)}`;
        const answer = (await (await ask('GET /match', { path }, persona)).json()) as { client: { id: string } | null };
        told[`${persona.name} ${of}`] = answer.client?.id ?? null;
        right[`${persona.name} ${of}`] = sees(persona, of) ? client : null;
      }
    expect(told).toEqual(right);
  });

  it('lets nobody give a contact to a client that he does not see, nor be asked of one by a filter', async () => {
    for (const persona of personas) {
      const [own, other] = [await office.things('own'), await office.things('other')];
      const given = await ask(
        'PATCH /',
        { path: `/interactions/${own.stranger.id}`, body: { client: other.client } },
        persona,
      );
      const listed = await ask('GET /', { path: `/interactions?client=${other.client}` }, persona);
      const { items } = (await listed.json()) as { items: unknown[] };
      const visible = sees(persona, 'other');
      expect([persona.name, given.status, items.length > 0]).toEqual([persona.name, visible ? 200 : 422, visible]);
    }
  });

  it('logs out with DELETE /session', async () => {
    for (const persona of personas) {
      expect((await ask('DELETE /session', { path: '/session' }, persona)).status).toBe(204);
      const after = (await ask('GET /session', { path: '/session' }, persona)).status;
      expect([persona.name, after]).toEqual([persona.name, persona.kind === 'token' ? 200 : 401]);
    }
    expect((await ask('DELETE /session', { path: '/session' }, null)).status).toBe(401);
  });
});
