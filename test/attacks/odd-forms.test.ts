import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { AttackedProgram, adminToken } from './support/program.ts';

const json = 'application/json';
const urlencoded = 'application/x-www-form-urlencoded';
const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'utm_constructor'];
const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;

describe('odd forms and requests', () => {
  let program: AttackedProgram;

  beforeAll(async () => {
    program = await AttackedProgram.start();
  }, 60_000);

  afterAll(() => program?.stop());

  const send = (body: string, type: string) =>
    fetch(`${program.url}/api/v1/forms/site`, { method: 'POST', headers: { 'content-type': type }, body });
  const texts = async () =>
    (await program.api<{ items: Interaction[] }>('GET', '/api/v1/interactions?limit=200')).items
      .map(({ text }) => text)
      .join('\n');

  it.each(names)('stores a field named %s like any other, in JSON and urlencoded', async (name) => {
    const fields = { phone: '+79161110009', [name]: `json ${name}` };
    const own = `{"phone":"+79161110009",${JSON.stringify(name)}:${JSON.stringify(`json ${name}`)}}`;
    expect(Object.keys(fields)).toContain('phone');
    expect((await send(own, json)).status).toBe(200);
    expect((await send(`phone=%2B79161110009&${name}=form+${name}`, urlencoded)).status).toBe(200);
    const stored = await texts();
    expect(stored).toContain(`json ${name}`);
    expect(stored).toContain(`form ${name}`);
  });

  it('reads a list of name and value pairs', async () => {
    const list = [
      { name: 'phone', value: '+79161110009' },
      { name: 'comment', value: 'from a list' },
    ];
    expect((await send(JSON.stringify(list), json)).status).toBe(200);
    expect(await texts()).toContain('from a list');
  });

  it.each([
    nested(20_000, '[', ']'),
    nested(20_000, '{"a":', '}'),
    nested(5_000, '{"name":"a","value":', '}'),
    nested(5_000, '{"value":1,"label":', '}'),
    '[["phone","+79161110009"]]',
    '[1]',
    '"a"',
    'null',
  ])('never answers an odd body with a server error (%#)', async (body) => {
    expect((await send(body, json)).status).toBeLessThan(500);
  });

  it('survives deeply nested field names', async () => {
    expect((await send(`phone=1&a${'[b]'.repeat(20_000)}=1`, urlencoded)).status).toBeLessThan(500);
  });

  it.each([
    '/clients?q=%00',
    '/clients/%00',
    '/clients/a%00b',
    '/interactions?thread=%00',
    '/interactions?since=9999-99-99T00:00:00Z',
    `/interactions?cursor=${Buffer.from(JSON.stringify(['\0', '\ud800'])).toString('base64url')}`,
    `/deliveries?cursor=${Buffer.from(JSON.stringify(['99999999999999999999999'])).toString('base64url')}`,
    '/interactions/%00',
    '/tasks/%00',
    '/leads/a%00',
    '/attachments/%00',
    '/recordings/%00',
    '/quarantine/%00',
    '/undeliverable?email=a%00@b.example',
    '/match?phone=%00',
  ])('answers GET %s without a server error and without SQL', async (path) => {
    const headers = { authorization: `Bearer ${adminToken}` };
    const answer = await fetch(`${program.url}/api/v1${path}`, { headers });
    expect(answer.status).toBeLessThan(500);
    expect(await answer.text()).not.toMatch(/SELECT|INSERT|syntax|relation|SQLITE/i);
  });

  it.each(['1989-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '2999-01-01T00:00:00Z'])(
    'rejects a meeting at %s',
    async (startedAt) => {
      const body = { channel: 'meeting', direction: 'outbound', startedAt };
      await expect(program.api('POST', '/api/v1/interactions', body)).rejects.toThrow(/422.*between 1990/);
    },
  );
});
