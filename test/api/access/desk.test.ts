import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestPage } from '../../support/office.ts';
import { type AccessOffice, openAccessOffice, owners, type Persona, personas, sees, type Things } from './office.ts';

/** Every message that a desk can send about something. */
const messages: Readonly<Record<string, (things: Things) => object>> = {
  note: ({ call }) => ({ type: 'note', interaction: call.id, text: 'a note' }),
  disposition: ({ call }) => ({ type: 'disposition', interaction: call.id, value: 'sold' }),
  choose: ({ call, client }) => ({ type: 'choose', interaction: call.id, client }),
  // A value that was never suggested is reported as such if the contact is visible.
  suggestion: ({ call }) => ({
    type: 'suggestion',
    interaction: call.id,
    kind: 'phone',
    value: '+79160000000',
    state: 'dismissed',
  }),
};

describe('what each desk may decide and see', () => {
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
    const actual: Record<string, unknown> = {};
    const right: Record<string, unknown> = {};
    for (const persona of personas) {
      const page = await open(persona);
      for (const owner of owners) {
        const name = `${persona.name} ${owner}`;
        const from = page.messages.length;
        page.send({ ref: name, ...messages[type]?.(await office.things(owner)) });
        const [ok, error] = [page.next('ok', from), page.next('error', from)];
        const { code = 'ok' } = (await Promise.race([ok, error])) as { code?: string };
        actual[name] = code;
        const seen = type === 'suggestion' ? 'invalid' : 'ok';
        right[name] = sees(persona, owner) ? seen : 'not_found';
      }
      page.close();
    }
    expect(actual).toEqual(right);
  });

  it('refuses to choose an invisible client for a visible contact', async () => {
    for (const persona of personas) {
      const [own, other] = [await office.things('own'), await office.things('other')];
      const page = await open(persona);
      page.send({ type: 'choose', ref: 'c', interaction: own.stranger.id, client: other.client });
      const { type } = await Promise.race([page.next('ok'), page.next('error')]);
      expect([persona.name, type]).toEqual([persona.name, sees(persona, 'other') ? 'ok' : 'error']);
      page.close();
    }
  });

  it('announces leads and unassigned tasks only to those who may see them', async () => {
    const pages = await Promise.all(personas.map(open));
    const made = new Map(await Promise.all(owners.map(async (owner) => [owner, await office.things(owner)] as const)));
    // Leads are announced in order, so receiving this one means having received all before it.
    const last = await office.things('own');
    for (const [i, persona] of personas.entries()) {
      const page = pages[i] as TestPage;
      await page.until(
        (one) => one.type === 'lead' && (one as unknown as { lead: { id: string } }).lead.id === last.lead,
      );
      const leads = new Set(
        page.messages.flatMap((one) => (one.type === 'lead' ? [(one.lead as { id: string }).id] : [])),
      );
      const actual = owners.filter((owner) => leads.has(made.get(owner)?.lead ?? ''));
      expect([persona.name, actual]).toEqual([persona.name, owners.filter((owner) => sees(persona, owner))]);
      const task = (one: Things | undefined) => one?.stranger.id ?? '';
      await page.until((one) => one.type === 'task' && (one.task as { id: string }).id === task(last));
      const tasks = new Set(
        page.messages.flatMap((one) => (one.type === 'task' ? [(one.task as { id: string }).id] : [])),
      );
      const owed = owners.filter((owner) => tasks.has(task(made.get(owner))));
      expect([persona.name, owed]).toEqual([persona.name, owners.filter((owner) => sees(persona, owner))]);
      page.close();
    }
  });

  it('shows only visible contacts of the client on the card of a ringing call', async () => {
    const things = await office.things('other');
    for (const persona of personas) {
      const page = await open(persona);
      const from = page.messages.length;
      const ringing = await office.ring('own', things);
      const pop = await page.until((one) => one.type === 'pop', from);
      const card = pop.client as { recent: { id: string }[] };
      const recent = card.recent.map(({ id }) => id);
      expect([persona.name, recent.includes(things.call.id)]).toEqual([persona.name, sees(persona, 'other')]);
      expect(recent).toContain(ringing.id);
      // The greeting's cards follow the same rules as the pop.
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
