import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Presence } from '../../src/domain/call/device.ts';
import { commandConnection } from '../support/command-connection.ts';
import {
  type DeskMessage,
  missedCall,
  type Office,
  openOffice,
  ringingCall,
  TestPage,
  tokens,
} from '../support/office.ts';

describe('the desk', () => {
  let office: Office;
  let cookie: string;
  beforeAll(async () => {
    office = await openOffice();
    cookie = await office.login('anna');
    await office.call('PUT', '/api/v1/clients/c1', {
      name: 'Romashka',
      identifiers: [{ kind: 'phone', value: '89161234567' }],
      deals: [{ id: 'd1', name: 'Chairs' }],
    });
  });
  afterAll(() => office.close());

  const open = async () => {
    const page = TestPage.ofCookie(office, cookie);
    return { page, hello: await page.next('hello') };
  };

  it('shows the ringing call with its card in every tab, then updates it', async () => {
    const [one, two] = [await open(), await open()];
    await office.intake.emit(ringingCall('d-1'));
    const pops = [await one.page.next('pop'), await two.page.next('pop')];
    await office.intake.emit(missedCall('d-1'));

    for (const [i, { page, hello }] of [one, two].entries()) {
      const pop = pops[i] as DeskMessage;
      const update = await page.next('update');
      expect(hello.manager).toEqual({ id: 'm1', name: 'Anna Ivanova' });
      expect(pop).toMatchObject({ client: { id: 'c1', deals: [{ id: 'd1' }], recent: [{ state: 'ringing' }] } });
      expect(update).toMatchObject({ interaction: { state: 'missed' } });
      expect([pop.seq, update.seq]).toEqual([Number(hello.seq) + 1, Number(hello.seq) + 2]);
      page.close();
    }
  });

  it('keeps the order of a stream of calls', async () => {
    const { page } = await open();
    const ids = Array.from({ length: 40 }, (_, i) => `stream-${i}`);
    await Promise.all(ids.map((id) => office.intake.emit(ringingCall(id))));
    await Promise.all(ids.map((id) => office.intake.emit(missedCall(id))));
    page.send({ type: 'disposition', ref: 'end', interaction: String(0), value: null });
    await page.next('error');
    const { page: last, hello } = await open();
    page.send({ type: 'resume', ref: 'up-to-date', seq: Number(hello.seq) });
    await page.next('ok');

    const seqs = page.messages.flatMap((one) => (one.seq === undefined || one.type === 'hello' ? [] : [one.seq]));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(page.messages.filter((one) => one.type === 'pop')).toHaveLength(40);
    page.close();
    last.close();
  });

  it('resumes with the current state: a call that still rings is a pop, an ended one an update', async () => {
    const { page, hello } = await open();
    page.close();
    await page.closed;
    await office.intake.emit(ringingCall('gone'));
    await office.intake.emit(missedCall('gone'));
    await office.intake.emit(ringingCall('here'));

    const back = await open();
    back.page.send({ type: 'resume', ref: 'r', seq: hello.seq });
    await back.page.next('ok');
    const missed = back.page.messages.filter((one) => one.type === 'pop' || one.type === 'update');
    expect(missed.map((one) => one.type)).toEqual(['update', 'pop']);
    expect(missed[0]).toMatchObject({ interaction: { state: 'missed' } });
    back.page.close();
  });

  it('sends a late change of another instance in the order of its sequence number', async () => {
    const { page, hello } = await open();
    const [result] = await office.store.apply([{ op: 'contact', event: ringingCall('elsewhere') }]);
    await office.intake.emit(ringingCall('own'));
    const [other] = result?.ok ? result.changes : [];
    if (other !== undefined) office.desk.publish(other);
    await page.until((one) => one.type === 'pop' && one.seq === Number(hello.seq) + 2);
    await office.intake.emit(missedCall('own'));
    await page.next('update');
    const sent = page.messages.filter((one) => one.type === 'pop' || one.type === 'update');
    expect(sent.map(({ type, seq }) => [type, Number(seq) - Number(hello.seq)])).toEqual([
      ['pop', 1],
      ['pop', 2],
      ['update', 3],
    ]);
    page.close();
  });

  it('answers a sequence number that was never issued with a reset', async () => {
    const { page, hello } = await open();
    page.send({ type: 'resume', ref: 'r', seq: 1_000_000 });
    expect(await page.next('reset')).toEqual({ type: 'reset', seq: hello.seq });
    page.close();
  });

  it('carries out decisions, and survives invalid messages', async () => {
    const { page } = await open();
    await office.intake.emit(ringingCall('decide'));
    const pop = await page.next('pop');
    const { id } = pop.interaction as { id: string };
    page.send('{"type":');
    page.send({ type: 'choose', ref: 'bad', interaction: id, client: 'nobody' });
    page.send({ type: 'note', ref: 'n', interaction: id, text: 'wants chairs' });
    page.send({ type: 'disposition', ref: 'd', interaction: id, value: 'hot' });
    await page.until((one) => one.ref === 'd');

    expect(page.messages.filter((one) => one.type === 'error')).toMatchObject([
      { ref: null, code: 'invalid' },
      { ref: 'bad', code: 'invalid' },
    ]);
    const answer = page.messages.find((one) => one.type === 'ok' && one.ref === 'd');
    expect(answer?.interaction).toMatchObject({ id, disposition: 'hot' });
    const kept = await (await office.call('GET', `/api/v1/interactions/${id}`)).json();
    expect(kept).toMatchObject({ disposition: 'hot', notes: [{ by: { id: 'm1' }, text: 'wants chairs' }] });
    page.close();
  });

  it('commands a call under way, writes that down, and refuses the calls of others', async () => {
    const { page } = await open();
    const { remove } = commandConnection(office);
    await office.intake.emit(ringingCall('command'));
    const pop = await page.next('pop');
    const { id } = pop.interaction as { id: string };
    page.send({ type: 'command', ref: 'up', interaction: id, action: 'hang_up' });
    expect(await page.until((one) => one.ref === 'up')).toMatchObject({
      type: 'command',
      command: { interaction: id, action: 'hang_up', state: 'done', problem: null },
    });
    expect((await office.store.read.audit({ limit: 1, cursor: null, action: 'change' })).items).toMatchObject([
      { who: 'anna', what: 'desk hang_up', subject: id },
    ]);
    page.send({ type: 'command', ref: 'ear', interaction: id, action: 'listen' });
    page.send({ type: 'command', ref: 'other', interaction: '0190c0de-0000-7000-8000-000000000000', action: 'park' });
    await page.until((one) => one.ref === 'other');
    expect(page.messages.filter((one) => one.type === 'error')).toMatchObject([
      { ref: 'ear', code: 'invalid' },
      { ref: 'other', code: 'not_found' },
    ]);
    remove();
    page.close();
  });

  it('closes a connection whose message is too long', async () => {
    const { page } = await open();
    page.send({ type: 'note', interaction: 'x', text: 'x'.repeat(100_000) });
    expect((await page.closed).code).toBe(1009);
  });

  it('disconnects a page that does not read, and serves the others', async () => {
    const slow = await open();
    const quick = await open();
    const socket = slow.page.socket as unknown as { _socket: { pause(): void } };
    socket._socket.pause();
    const before = office.desk.counts.slow;
    await office.intake.emit(ringingCall('big'));
    const { id } = (await quick.page.next('pop')).interaction as { id: string };
    const note = 'x'.repeat(9_900);
    for (let i = 0; i < 60 && office.desk.counts.slow === before; i += 1) {
      for (let k = 0; k < 10; k += 1) await office.call('PATCH', `/api/v1/interactions/${id}`, { note });
    }
    expect(office.desk.counts.slow).toBe(before + 1);
    expect(quick.page.socket.readyState).toBe(quick.page.socket.OPEN);
    slow.page.close();
    quick.page.close();
  });

  it('sends the states of all phones once, then changes, and all again when the managers change', async () => {
    const how = (id: string, state: Presence['state']): Presence => ({ manager: { id, name: id }, state });
    office.desk.setPresence([how('a', 'idle'), how('b', 'idle')]);
    const { page } = await open();
    expect(await page.next('presence')).toMatchObject({
      whole: true,
      managers: [{ state: 'idle' }, { state: 'idle' }],
    });
    let seen = page.messages.length;
    office.desk.setPresence([how('a', 'idle'), how('b', 'idle')]);
    office.desk.setPresence([how('a', 'idle'), how('b', 'ringing')]);
    expect(await page.next('presence', seen)).toEqual({
      type: 'presence',
      whole: false,
      managers: [how('b', 'ringing')],
    });
    seen = page.messages.length;
    office.desk.setPresence([how('a', 'in_use')]);
    expect(await page.next('presence', seen)).toEqual({
      type: 'presence',
      whole: true,
      managers: [how('a', 'in_use')],
    });
    page.close();
    office.desk.setPresence([]);
  });

  it.each([
    ['nobody', {}, 401],
    ['a cookie from a foreign page', { origin: 'https://evil.example' }, 403],
    ['a cookie without an origin', {}, 403],
    ['a supervisor token', { authorization: `Bearer ${tokens.supervisor}` }, 403],
  ])('does not admit %s', async (who, headers, status) => {
    const withCookie = who.startsWith('a cookie') ? { ...headers, cookie } : headers;
    const page = new TestPage(`${office.url.replace('http', 'ws')}/desk`, withCookie as Record<string, string>);
    const answered = new Promise<number>((resolve) =>
      page.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0)),
    );
    expect(await answered).toBe(status);
  });

  it('admits a program as a manager, and announces a restart to all pages', async () => {
    const page = new TestPage(`${office.url.replace('http', 'ws')}/desk?manager=m2`, {
      authorization: `Bearer ${tokens.integration}`,
    });
    expect(await page.next('hello')).toMatchObject({ manager: { id: 'm2' } });
    office.desk.setAlarms([]);
    await page.next('alarm');
    await office.desk.close();
    expect(await page.next('bye')).toEqual({ type: 'bye', reason: 'restart' });
    expect((await page.closed).code).toBe(1012);
  });
});

describe('a desk after the logout', () => {
  it('is closed at the next heartbeat', async () => {
    const office = await openOffice({ heartbeat: 400 });
    const cookie = await office.login('anna');
    const page = TestPage.ofCookie(office, cookie);
    await page.next('hello');
    await fetch(`${office.url}/api/v1/session`, { method: 'DELETE', headers: { cookie, origin: office.url } });
    expect((await page.closed).code).toBe(4401);
    await office.close();
  });
});
