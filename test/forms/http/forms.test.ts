import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { attachmentId } from '../../../src/domain/written/attachment-id.ts';
import { type FormOffice, openFormOffice } from '../../support/forms.ts';

interface Problem {
  readonly type: string;
  readonly errors: readonly { path: string; code: string }[];
}

const minute = 60_000;
let serial = 0;
/** A form with a new key. */
const ivan = (more: object = {}) => {
  serial += 1;
  return { name: 'Иван', phone: `8916${1_000_000 + serial}`, comment: 'Сколько стоит?', ...more };
};

describe('POST /api/v1/forms/{line}', () => {
  let office: FormOffice;
  let verifier: Server;
  const asked: URLSearchParams[] = [];
  beforeAll(async () => {
    // A directory of its own for temporary files: other tests use the shared one.
    vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'patchbay-forms-')));
    // A scripted verifier, as the services document it. A token `good…` proves a human and works once.
    verifier = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const form = new URLSearchParams(body);
        asked.push(form);
        const proof = form.get('token') ?? form.get('response') ?? '';
        if (proof === 'away') return response.writeHead(503).end();
        const used = asked.filter((one) => (one.get('token') ?? one.get('response')) === proof).length > 1;
        const good = form.get('secret') === 'captcha-secret' && proof.startsWith('good') && !used;
        const answer = form.has('token') ? { status: good ? 'ok' : 'failed', message: '' } : { success: good };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => verifier.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(verifier.address() as AddressInfo).port}/verify`;
    const captcha = (kind: 'smartcaptcha' | 'hcaptcha' | 'turnstile') => ({
      captcha: { kind, secret: 'captcha-secret', url },
    });
    office = await openFormOffice({
      site: {},
      limited: { rateLimit: 3 },
      shop: { origins: ['https://shop.example'], thanks: 'https://shop.example/thanks' },
      tilda: { preset: 'tilda', token: 'token-of-tilda' },
      strict: { consent: { text: 'Я согласен', version: '2', required: true } },
      smart: captcha('smartcaptcha'),
      hcaptcha: captcha('hcaptcha'),
      turnstile: captcha('turnstile'),
      files: { files: { count: 2, size: 1000 } },
    });
  });
  afterAll(async () => {
    await office.close();
    verifier.close();
    rmSync(tmpdir(), { recursive: true, force: true });
    vi.unstubAllEnvs();
  });

  it('answers after the commit, and stores the interaction as the visitor wrote it', async () => {
    const body = { ...ivan({ phone: '8 (916) 123-45-67' }), consent: 'on', utm_source: 'yandex', yclid: '42' };
    const answer = await office.submit('site', body, { referer: 'https://shop.example/order' });

    expect(answer.status).toBe(200);
    const { id } = (await answer.json()) as { id: string };
    const one = (await office.taken()).find((each) => each.id === id);
    expect(one).toMatchObject({
      channel: 'form',
      direction: 'inbound',
      state: 'received',
      party: { phone: '+79161234567', name: 'Иван' },
      line: { id: 'site', label: 'Form site' },
      subject: 'Form site',
      automatic: null,
      attribution: { source: 'yandex', page: 'https://shop.example/order', ids: { yclid: '42' } },
    });
    expect(one?.text).toMatch(
      /^Имя: Иван\nТелефон: 8 \(916\) 123-45-67\nКомментарий: Сколько стоит\?\nСогласие на обработку персональных данных: 20/,
    );
  });

  it('accepts urlencoded, multipart, beacon and windows-1251 submissions', async () => {
    const before = (await office.taken()).length;
    const multipart = new FormData();
    multipart.set('phone', '89161110001');
    const windows1251 = 'name=%C8%E2%E0%ED&phone=89161110002';
    const answers = [
      await office.submit('site', new URLSearchParams({ phone: '89161110000', name: 'Иван' })),
      await office.submit('site', multipart),
      await office.submit('site', windows1251, { 'content-type': 'application/x-www-form-urlencoded' }),
      await office.submit('site', JSON.stringify({ phone: '89161110003' }), { 'content-type': 'text/plain' }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    const taken = (await office.taken()).slice(before);
    expect(taken.map((one) => one.party.phone)).toEqual([
      '+79161110000',
      '+79161110001',
      '+79161110002',
      '+79161110003',
    ]);
    expect(taken[2]?.party.name).toBe('Иван');
  });

  it('keeps files, and leaves nothing behind of rejected ones', async () => {
    const form = (size: number, count = 1) => {
      const data = new FormData();
      data.set('phone', `8916${2_000_000 + size + count}`);
      for (let i = 0; i < count; i += 1)
        data.append('file', new File(['x'.repeat(size)], `план ${i}.txt`, { type: 'text/plain' }));
      return data;
    };
    const good = await office.submit('files', form(900));
    expect(good.status).toBe(200);
    const { id } = (await good.json()) as { id: string };
    const one = (await office.taken()).find((each) => each.id === id);
    expect(one?.attachments).toMatchObject([{ name: 'план 0.txt', mime: 'text/plain', bytes: 900 }]);
    const file = await office.store.read.attachment(one?.attachments[0]?.id ?? '');
    expect(file).not.toBeNull();
    if (file !== null && one !== undefined)
      expect(attachmentId(one.id, { ...file, bytes: 900 })).toBe(one.attachments[0]?.id);

    expect((await office.submit('files', form(1001))).status).toBe(413);
    expect((await office.submit('files', form(10, 3))).status).toBe(413);
    await vi.waitFor(
      () => expect(readdirSync(tmpdir()).filter((name) => name.startsWith('patchbay-form-'))).toEqual([]),
      20_000,
    );
  });

  it('recognises a repeat by its key, by the service’s number, and by its content for a while', async () => {
    const before = (await office.taken()).length;
    const body = ivan();
    const key = { 'idempotency-key': 'made-in-the-browser' };
    const [first, again] = [
      await office.submit('site', body, key),
      await office.submit('site', { ...body, comment: 'changed' }, key),
    ];
    expect(await first.json()).toMatchObject({ ok: true });
    expect(await again.json()).toEqual({ ok: true, duplicate: true });
    const other = await office.submit('site', { ...ivan(), _pb_key: 'another' });
    expect(await other.json()).not.toHaveProperty('duplicate');

    const tilda = { Phone: '89162220000', tranid: '12:1' };
    const send = (each: object) => office.submit('tilda', each, {}, '?token=token-of-tilda');
    expect(await (await send(tilda)).json()).not.toHaveProperty('duplicate');
    expect(await (await send(tilda)).json()).toHaveProperty('duplicate', true);
    // A guessable number must not make another submission a duplicate.
    expect(await (await send({ ...tilda, Phone: '89162220001' })).json()).not.toHaveProperty('duplicate');
    expect(await (await send({ ...tilda, tranid: '12:2' })).json()).not.toHaveProperty('duplicate');

    const plain = ivan();
    const sent = async () => (await (await office.submit('site', plain)).json()) as { duplicate?: true };
    expect(await sent()).not.toHaveProperty('duplicate');
    office.clock.shift(9 * minute);
    expect(await sent()).toHaveProperty('duplicate', true);
    office.clock.shift(30 * minute);
    expect(await sent()).not.toHaveProperty('duplicate');
    expect((await office.taken()).length - before).toBe(7);
  });

  it('rejects bad input with problem details, counts it, and writes nothing', async () => {
    const before = (await office.taken()).length;
    const refused = async (answer: Promise<Response>) => {
      const { status, headers } = await answer;
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      return status;
    };
    expect(await refused(office.submit('nowhere', ivan()))).toBe(404);
    expect(await refused(office.submit('main', ivan()))).toBe(404);
    expect(await refused(office.submit('site', '{"phone":', { 'content-type': 'application/json' }))).toBe(400);
    expect(await refused(office.submit('site', '"text"', { 'content-type': 'application/json' }))).toBe(400);
    expect(await refused(office.submit('site', '<x/>', { 'content-type': 'text/xml' }))).toBe(415);
    expect(await refused(office.submit('site', 'x', { 'content-type': 'multipart/form-data' }))).toBeGreaterThanOrEqual(
      400,
    );
    expect(await refused(office.submit('site', {}))).toBe(422);
    expect(await refused(office.submit('site', { phone: 'abc' }))).toBe(422);
    expect(await refused(office.submit('site', { text: 'x'.repeat(300_000) }))).toBe(413);
    expect((await office.taken()).length).toBe(before);
    expect(await office.counted('site', 'empty')).toBe(2);
    expect(await office.counted('', 'unknown_line')).toBe(2);
    expect(await office.counted('site', 'too_large')).toBe(1);
  });

  it('rejects a gigabyte by its Content-Length, and an endless stream at the limit', async () => {
    const head = (more: string) => `POST /api/v1/forms/site HTTP/1.1\r\nhost: pb\r\n${more}\r\n\r\n`;
    const announced = await exchange(office.url, [
      head('content-type: application/json\r\ncontent-length: 1073741824'),
    ]);
    expect(announced).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const endless = await exchange(office.url, [
      head('content-type: application/json\r\ntransfer-encoding: chunked'),
      ...Array.from({ length: 8 }, () => chunk),
    ]);
    expect(endless).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('lets pages of the listed origins submit, and rejects others', async () => {
    const origin = 'https://shop.example';
    const preflight = (from: string) =>
      fetch(`${office.url}/api/v1/forms/shop`, {
        method: 'OPTIONS',
        headers: { origin: from, 'access-control-request-method': 'POST' },
      });
    const allowed = await preflight(origin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    expect((await preflight('https://evil.example')).status).toBe(403);
    expect((await office.submit('shop', ivan(), { origin: 'https://evil.example' })).status).toBe(403);
    const taken = await office.submit('shop', ivan(), { origin });
    expect(taken.headers.get('access-control-allow-origin')).toBe(origin);
    // The page can also read a rejection.
    expect((await office.submit('shop', {}, { origin })).headers.get('access-control-allow-origin')).toBe(origin);
    // Without a list any page may submit, but never with the visitor's cookies.
    const open = await office.submit('site', ivan(), { origin });
    expect(open.headers.get('access-control-allow-origin')).toBe(origin);
    expect(open.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('shows a thank-you page to a browser without JavaScript', async () => {
    const navigation = { accept: 'text/html,application/xhtml+xml' };
    const sent = await office.submit('shop', new URLSearchParams({ phone: '89163330000' }), navigation);
    expect([sent.status, sent.headers.get('location')]).toEqual([303, 'https://shop.example/thanks']);
    const page = await office.submit('site', new URLSearchParams({ phone: '89163330001' }), navigation);
    expect(await page.text()).toContain('Спасибо');
  });

  it('requires the token if one is configured, and answers Tilda’s ping', async () => {
    expect((await office.submit('tilda', ivan())).status).toBe(401);
    expect((await office.submit('tilda', ivan(), {}, '?token=guessed-token')).status).toBe(401);
    const ping = await office.submit('tilda', new URLSearchParams({ test: 'test' }), {}, '?token=token-of-tilda');
    expect([ping.status, await ping.json()]).toEqual([200, { ok: true, test: true }]);
    expect((await office.submit('tilda', ivan(), { authorization: 'Bearer token-of-tilda' })).status).toBe(200);
    expect(office.logged()).not.toContain('token-of-tilda');
  });

  it('limits submissions per address, except for programs on this machine', async () => {
    const from = (ip: string) => office.submit('limited', ivan(), { 'x-forwarded-for': ip });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await from('203.0.113.7')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(Number((await from('203.0.113.7')).headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('203.0.113.8')).status).toBe(200);
    // One IPv6 subscriber has a whole network.
    for (let i = 0; i < 3; i += 1) await from(`2001:db8::${i}`);
    expect((await from('2001:db8::ffff')).status).toBe(429);
    for (let i = 0; i < 5; i += 1) expect((await office.submit('limited', ivan())).status).toBe(200);
  });

  it('stores likely bot submissions as spam, and does not reveal that to the bot', async () => {
    const answer = await office.submit('site', ivan({ _pb_website: 'http://pills.example' }));
    const { id } = (await answer.json()) as { id: string };
    expect(answer.status).toBe(200);
    const one = (await office.taken()).find((each) => each.id === id);
    expect(one?.automatic).toBe('spam');
    expect(one?.text).not.toContain('pills');
    expect(await office.counted('site', 'spam')).toBe(1);
  });

  it('rejects a form without required consent, and stores text and version of a given one', async () => {
    const without = await office.submit('strict', ivan());
    expect(without.status).toBe(422);
    expect(((await without.json()) as Problem).errors[0]?.path).toBe('/_pb_consent');
    const answer = await office.submit('strict', ivan({ agreement: 'yes' }));
    const { id } = (await answer.json()) as { id: string };
    const one = (await office.taken()).find((each) => each.id === id);
    expect(one?.text).toMatch(/персональных данных: 20\S+Z, версия 2 \(«Я согласен»\)$/);
  });

  it.each([
    ['smart', 'smart-token'],
    ['hcaptcha', 'h-captcha-response'],
    ['turnstile', 'cf-turnstile-response'],
  ])('verifies the captcha token of %s', async (line, field) => {
    expect((await office.submit(line, ivan())).status).toBe(422);
    expect((await office.submit(line, ivan({ [field]: 'bad' }))).status).toBe(422);
    const good = ivan({ [field]: `good of ${line}`, _pb_key: `of ${line}` });
    expect((await office.submit(line, good)).status).toBe(200);
    // The answer was lost and the browser sends again: the service has used the token up, but we still accept it.
    expect(await (await office.submit(line, good)).json()).toEqual({ ok: true, duplicate: true });
    // If the service is unavailable, accepting a client matters more than keeping a robot out.
    expect((await office.submit(line, ivan({ [field]: 'away' }))).status).toBe(200);
    expect(asked.at(-1)?.get(line === 'smart' ? 'ip' : 'remoteip')).toBe('127.0.0.1');
  });

  it('marks a request for a call back', async () => {
    const answer = await office.submit('site', { phone: '89164440000', _pb_request: 'callback' });
    const { id } = (await answer.json()) as { id: string };
    const one = (await office.taken()).find((each) => each.id === id);
    expect(one).toMatchObject({ subject: 'Заказ обратного звонка', attribution: { ids: { request: 'callback' } } });
  });

  it('answers 503 while the store is unavailable, so that the browser retries', async () => {
    const broken = await openFormOffice(
      { site: {} },
      { intake: { apply: () => Promise.reject(new Error('disk full')) } },
    );
    const answer = await broken.submit('site', ivan());
    expect(answer.status).toBe(503);
    expect(await broken.counted('site', 'unavailable')).toBe(1);
    await broken.close();
  });
});

/** Sends bytes over its own socket until the other side stops reading, and returns the response. */
function exchange(url: string, parts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(part);
    });
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}
