import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asker } from '../real/siege/asker.ts';
import { operator, password } from '../support/desk-login.ts';
import { AttackedProgram, clientPhone, did } from './support/program.ts';

describe('login attempts', () => {
  let program: AttackedProgram;

  beforeAll(async () => {
    const seed = await Promise.all(['victim', 'guessed', 'office'].map((login) => operator(login, 'm101')));
    program = await AttackedProgram.start({ seed });
  }, 60_000);
  afterAll(() => program?.stop());

  const logIn = (login: string, secret: string, from: string, cookie = '') =>
    fetch(`${program.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from, ...(cookie !== '' && { cookie }) },
      body: JSON.stringify({ login, password: secret }),
    });
  const guess = async (login: string, from: string) => (await logIn(login, 'a wrong guess', from)).status;
  let serial = 0;
  const next = () => {
    serial += 1;
    return serial;
  };
  const anywhere = () => `198.51.${next() % 100}.${1 + (serial % 200)}`;
  const deviceOf = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0] ?? '')
      .find((cookie) => cookie.startsWith('patchbay_device_')) ?? '';

  it('to one account from many addresses are slowed down, but the owner can log in from the usual browser', async () => {
    const usual = deviceOf(await logIn('victim', password, '192.0.2.1'));
    for (let i = 0; i < 10; i += 1) expect(await guess('victim', anywhere())).toBe(401);
    const refused = await logIn('victim', 'a wrong guess', anywhere());
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect((await logIn('victim', password, '192.0.2.1', usual)).status).toBe(200);
    // The cookie belongs to the victim's browser, and nobody can forge one.
    const forged = usual.replace(/\.(.)/, (_, first: string) => `.${first === 'A' ? 'B' : 'A'}`);
    expect((await logIn('victim', password, '192.0.2.1', forged)).status).toBe(429);
  });

  it('stay limited after many attempts under other names, and after a restart', async () => {
    for (let i = 0; i < 10; i += 1) await guess('guessed', anywhere());
    await Promise.all(Array.from({ length: 30 }, (_, i) => guess(`nobody-${i}`, anywhere())));
    // If the count were lost, ten more attempts would be free.
    const tryTwice = async () => [await guess('guessed', anywhere()), await guess('guessed', anywhere())];
    expect(await tryTwice()).toContain(429);
    await program.gateway.kill();
    program.gateway.start();
    await program.gateway.ready();
    expect(await tryTwice()).toContain(429);
  });

  it('from one /64 are slowed down, whatever the user names', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 110; i += 1) statuses.add(await guess(`name-${i}`, `2001:db8:9:9:${next().toString(16)}::1`));
    expect(statuses).toContain(429);
    expect(await guess('name', '2001:db8:9:a::1')).toBe(401);
  });

  it('in a flood do not starve FastAGI and forms', async () => {
    const asker = new Asker({ port: program.agiPort, from: clientPhone, did, dial: 'PJSIP/101' });
    const flood = Promise.all(Array.from({ length: 300 }, (_, i) => guess(`flood-${i}`, anywhere())));
    const form = fetch(`${program.url}/api/v1/forms/site`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Anna', phone: '+79161110012' }),
    });
    expect(await Promise.race([form.then(({ status }) => status), flood])).toBe(200);
    expect(await asker.during(flood)).toBeGreaterThan(0);
    expect(asker.wrong).toEqual([]);
  });
});
