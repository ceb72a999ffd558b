import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRows } from '../../../src/api/audit/rows.ts';
import { type AccessOffice, openAccessOffice, owners, type Persona, personas, sees, type Things } from './office.ts';
import { type Asked, rows } from './rows.ts';

describe('who may request what', () => {
  let office: AccessOffice;
  let shared: readonly Things[];

  beforeAll(async () => {
    office = await openAccessOffice();
    shared = await Promise.all(owners.map((owner) => office.things(owner)));
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

  /** The ids in a listing, over all its pages. */
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

  it('has a row for every route, and no other rows', () => {
    // The program does not start if a route has no row for the audit log.
    expect(Object.keys(rows).sort()).toEqual(Object.keys(auditRows).sort());
  });

  it.each(Object.keys(rows).filter((route) => route !== 'DELETE /session'))('%s', async (route) => {
    const row = rows[route];
    if (row === undefined) throw new Error('no row');
    const actual: Record<string, unknown> = {};
    const right: Record<string, unknown> = {};
    const note = async (name: string, response: Promise<Response>, expected: number) => {
      const answer = await response;
      actual[name] = answer.status;
      right[name] = expected;
      await answer.arrayBuffer();
    };
    if (row.of === 'anybody')
      return note('', ask(route, row.ask(), null), row.status).then(() => expect(actual).toEqual(right));
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
        // The first request creates the thing.
        actual[name] = answer.status === 201 ? 200 : answer.status;
        right[name] = ok;
        continue;
      }
      if (row.of === 'list') {
        const ids = await listed(row.path, persona);
        actual[name] = owners.filter((_, i) => ids.has(row.id(shared[i] as Things)));
        right[name] = owners.filter((owner) => sees(persona, owner));
        continue;
      }
      for (const [i, owner] of owners.entries()) {
        const things = row.fresh === true ? await office.things(owner) : (shared[i] as Things);
        const expected = sees(persona, owner) ? (row.unless?.(persona, things) ?? row.ok) : row.hidden;
        const unless = row.unless?.(persona, things) ?? null;
        const answer = await ask(route, row.ask(things), persona);
        actual[`${name} ${owner}`] = answer.status;
        // If both refusals apply, either is right, because both reveal nothing.
        right[`${name} ${owner}`] =
          !sees(persona, owner) && unless !== null && answer.status === unless ? unless : expected;
        await answer.arrayBuffer();
      }
    }
    expect(actual).toEqual(right);
  });

  it('names the owner of a number only to those who may see the client', async () => {
    const actual: Record<string, unknown> = {};
    const right: Record<string, unknown> = {};
    const things = await Promise.all(owners.map((owner) => office.things(owner)));
    for (const persona of personas)
      for (const { owner, call, client } of things) {
        const path = `/match?phone=${encodeURIComponent(call.party.raw)}`;
        const answer = (await (await ask('GET /match', { path }, persona)).json()) as { client: { id: string } | null };
        actual[`${persona.name} ${owner}`] = answer.client?.id ?? null;
        right[`${persona.name} ${owner}`] = sees(persona, owner) ? client : null;
      }
    expect(actual).toEqual(right);
  });

  it('prevents assigning a contact to an invisible client, and probing for one by a filter', async () => {
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

  it('closes and hands over only visible conversations, each with a result of its own', async () => {
    for (const persona of personas) {
      const things = await Promise.all(owners.map((owner) => office.things(owner)));
      const interactions = things.map(({ letter }) => letter.id);
      for (const path of ['/conversations/handover', '/conversations/close']) {
        const body = { interactions, ...(path.endsWith('handover') && { to: 'boris' }) };
        const answer = await ask('POST /', { path, body }, persona);
        const { items } = (await answer.json()) as { items: { problem: { type: string } | null }[] };
        const hidden = items.map(({ problem }) => problem?.type === 'not-found');
        expect([persona.name, path, hidden]).toEqual([persona.name, path, owners.map((one) => !sees(persona, one))]);
      }
    }
  });

  it('lists the conversations of the user, of the department, and of everybody', async () => {
    const things = await Promise.all(owners.map((owner) => office.things(owner)));
    for (const [scope, expected] of [
      ['mine', ['own']],
      ['department', ['own', 'department']],
      ['all', owners],
    ] as const)
      for (const persona of personas.filter(({ kind }) => kind === 'user')) {
        const ids = await listed(`/conversations?limit=200&scope=${scope}`, persona);
        const found = things.filter(({ letter }) => ids.has(letter.thread ?? letter.id)).map(({ owner }) => owner);
        const visible = expected.filter((owner) => sees(persona, owner));
        expect([persona.name, scope, found]).toEqual([persona.name, scope, visible]);
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
