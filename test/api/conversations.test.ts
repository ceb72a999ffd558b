import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { client } from '../support/calls.ts';
import { type Office, openOffice, TestPage } from '../support/office.ts';
import { letter } from '../support/written.ts';

describe('conversations', () => {
  let office: Office;
  let first: Interaction;

  beforeEach(async () => {
    office = await openOffice();
    const known = client('c', [], { responsible: 'm1', identifiers: [{ kind: 'email', value: 'ivan@example.com' }] });
    await office.intake.apply([{ op: 'put-clients', clients: [known], at: 0 }]);
    first = await receive('1', 0);
  });
  afterEach(() => office.close());

  async function receive(id: string, after: number): Promise<Interaction> {
    const event = letter(id, { thread: 't', at: office.clock.now() + after });
    const [result] = await office.intake.apply([{ op: 'contact', event }]);
    if (result?.ok !== true) throw new Error(result?.message);
    return result.changes[0]?.interaction as Interaction;
  }
  const handOver = (body: object) => office.call('POST', `/api/v1/interactions/${first.id}/handover`, body);
  const close = () => office.call('POST', `/api/v1/interactions/${first.id}/close`);

  it('are handed over: the response is the latest contact, and the other manager’s desk shows it at once', async () => {
    const second = await receive('2', 1000);
    const page = new TestPage(`${office.url.replace('http', 'ws')}/desk?manager=m2`, {
      authorization: 'Bearer token-of-a-program',
    });
    await page.next('hello');
    const answer = await handOver({ to: 'm2', note: 'knows\r\nthe prices' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      id: second.id,
      assignee: { id: 'm2' },
      handovers: [{ from: { id: 'm1' }, to: { id: 'm2' }, note: 'knows the prices' }],
    });
    expect(await page.next('pop')).toMatchObject({ interaction: { id: second.id }, client: { id: 'c' } });
    expect(await page.next('task')).toMatchObject({ task: { manager: { id: 'm2' } } });
    page.close();
    const tasks = (await (await office.call('GET', '/api/v1/tasks?state=open&manager=m2')).json()) as {
      items: object[];
    };
    expect(tasks.items).toHaveLength(2);
    const history = await office.call('GET', `/api/v1/interactions/${second.id}/history`);
    expect(((await history.json()) as { items: { what: string }[] }).items.at(-1)?.what).toBe('handed over to m2');
  });

  it('are closed, and reopened by the client', async () => {
    expect(await (await close()).json()).toMatchObject({ id: first.id, closed: { by: { name: expect.any(String) } } });
    const open = async () =>
      ((await (await office.call('GET', '/api/v1/tasks?state=open')).json()) as { items: object[] }).items;
    expect(await open()).toEqual([]);
    expect((await close()).status).toBe(409);
    expect((await receive('2', 1000)).closed).toBeNull();
    expect(await open()).toHaveLength(1);
  });

  it.each([
    ['an unknown manager', { to: 'm9' }, 422],
    ['their current owner', { to: 'm1' }, 409],
    ['nobody', {}, 422],
    ['a note that is too long', { to: 'm2', note: 'x'.repeat(2001) }, 422],
  ])('are not handed over to %s', async (_name, body, status) => {
    expect((await handOver(body)).status).toBe(status);
  });

  it('are not found if they do not exist', async () => {
    for (const id of ['nonsense', '00000000-0000-7000-8000-000000000000'])
      expect((await office.call('POST', `/api/v1/interactions/${id}/close`)).status).toBe(404);
  });
});
