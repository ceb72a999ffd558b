import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestPage } from '../../support/office.ts';
import { type AccessOffice, kin, openAccessOffice, type Persona, personas, sees, type Things } from './office.ts';

/** Every message a desk can send, about something. */
const messages: Readonly<Record<string, (things: Things) => object>> = {
  note: ({ call }) => ({ type: 'note', interaction: call.id, text: 'a note' }),
  disposition: ({ call }) => ({ type: 'disposition', interaction: call.id, value: 'sold' }),
  choose: ({ call, client }) => ({ type: 'choose', interaction: call.id, client }),
  // What was never suggested is refused as such where the contact is seen.
  suggestion: ({ call }) => ({
    type: 'suggestion',
    interaction: call.id,
    kind: 'phone',
    value: '+79160000000',
    state: 'dismissed',
  }),
};

describe('what a desk may decide, and what it is told', () => {
  let office: AccessOffice;

  beforeAll(async () => {
    office = await openAccessOffice();
  });
  afterAll(() => office.close());

  const open = async (persona: Persona): Promise<TestPage> => {
    const query = persona.kind === 'token' ? '?manager=anna' : '';
    const page = new TestPage(`${office.url.replace('http', 'ws')}/desk${query}`, { ...office.headers(persona) });
    await page.next('hello');
    return page;
  };

  it.each(Object.keys(messages))('%s', async (type) => {
    const told: Record<string, unknown> = {};
    const right: Record<string, unknown> = {};
    for (const persona of personas) {
      const page = await open(persona);
      for (const of of kin) {
        const name = `${persona.name} ${of}`;
        const from = page.messages.length;
        page.send({ ref: name, ...messages[type]?.(await office.things(of)) });
        const [ok, error] = [page.next('ok', from), page.next('error', from)];
        const { code = 'ok' } = (await Promise.race([ok, error])) as { code?: string };
        told[name] = code;
        const seen = type === 'suggestion' ? 'invalid' : 'ok';
        right[name] = sees(persona, of) ? seen : 'not_found';
      }
      page.close();
    }
    expect(told).toEqual(right);
  });

  it('does not choose a client that is not seen for a contact that is', async () => {
    for (const persona of personas) {
      const [own, other] = [await office.things('own'), await office.things('other')];
      const page = await open(persona);
      page.send({ type: 'choose', ref: 'c', interaction: own.stranger.id, client: other.client });
      const { type } = await Promise.race([page.next('ok'), page.next('error')]);
      expect([persona.name, type]).toEqual([persona.name, sees(persona, 'other') ? 'ok' : 'error']);
      page.close();
    }
  });

  it('tells of leads and of nobody’s tasks to who sees them only', async () => {
    const pages = await Promise.all(personas.map(open));
    const made = new Map(await Promise.all(kin.map(async (of) => [of, await office.things(of)] as const)));
    // Leads are told in their order: who has heard of this one has heard of all before it.
    const last = await office.things('own');
    for (const [i, persona] of personas.entries()) {
      const page = pages[i] as TestPage;
      await page.until(
        (one) => one.type === 'lead' && (one as unknown as { lead: { id: string } }).lead.id === last.lead,
      );
      const leads = new Set(
        page.messages.flatMap((one) => (one.type === 'lead' ? [(one.lead as { id: string }).id] : [])),
      );
      const told = kin.filter((of) => leads.has(made.get(of)?.lead ?? ''));
      expect([persona.name, told]).toEqual([persona.name, kin.filter((of) => sees(persona, of))]);
      const task = (one: Things | undefined) => one?.stranger.id ?? '';
      await page.until((one) => one.type === 'task' && (one.task as { id: string }).id === task(last));
      const tasks = new Set(
        page.messages.flatMap((one) => (one.type === 'task' ? [(one.task as { id: string }).id] : [])),
      );
      const owed = kin.filter((of) => tasks.has(task(made.get(of))));
      expect([persona.name, owed]).toEqual([persona.name, kin.filter((of) => sees(persona, of))]);
      page.close();
    }
  });

  it('shows on the card of a call that rings only the contacts of the client that are seen', async () => {
    const things = await office.things('other');
    for (const persona of personas) {
      const page = await open(persona);
      const from = page.messages.length;
      const ringing = await office.rings('own', things);
      const pop = await page.until((one) => one.type === 'pop', from);
      const card = pop.client as { recent: { id: string }[] };
      const recent = card.recent.map(({ id }) => id);
      expect([persona.name, recent.includes(things.call.id)]).toEqual([persona.name, sees(persona, 'other')]);
      expect(recent).toContain(ringing.id);
      // The greeting's cards obey the same view as the pop.
      const again = await open(persona);
      const { calls } = (await again.next('hello')) as unknown as {
        calls: { interaction: { id: string }; client: unknown }[];
      };
      expect(calls.find(({ interaction }) => interaction.id === ringing.id)?.client).toEqual(card);
      again.close();
      const who = persona.kind === 'token' ? `token:${persona.name}` : persona.name;
      await vi.waitFor(async () => {
        const { items } = await office.store.read.audit({ limit: 9, cursor: null, who, subject: things.client });
        expect(items[0]).toMatchObject({ action: 'read-client', what: 'desk pop' });
      }, 20_000);
      page.close();
    }
  });
});
