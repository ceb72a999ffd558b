import { describe, expect, it } from 'vitest';
import { OnecClient } from './client.ts';
import { start } from './start.ts';

describe('users', () => {
  it('are asked for by the web server', async () => {
    const { onec } = await start();
    const reply = await new OnecClient(onec, 'Обмен', 'неверно').get('Catalog_Партнеры');
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Basic realm="1C:Enterprise 8.3"');
    expect(reply.text).toContain('<html>');
  });

  it('have rights on objects', async () => {
    const { client } = await start({
      users: [{ name: 'Обмен', password: 'секрет', rights: { '*': 'read', Document_СообщениеSMS: 'none' } }],
    });
    expect((await client.get('Catalog_Партнеры')).status).toBe(200);
    expect(await client.post('Catalog_Партнеры', { Description: 'x' })).toMatchObject({
      status: 401,
      body: { 'odata.error': { code: '20' } },
    });
    expect((await client.get('Document_СообщениеSMS')).status).toBe(401);
  });

  it('meet rows that are hidden from them, unless they ask for the allowed only', async () => {
    const { onec, client } = await start({
      users: [{ name: 'Обмен', password: 'секрет', hides: (_, row) => row.Description === 'Чужой' }],
    });
    onec.people.addClient({ name: 'Свой' });
    const hidden = onec.people.addClient({ name: 'Чужой' });
    expect(await client.get('Catalog_Партнеры')).toMatchObject({
      status: 401,
      body: { 'odata.error': { code: '20' } },
    });
    expect((await client.rows('Catalog_Партнеры', { $filter: "Description eq 'Свой'" })).length).toBe(1);
    expect((await client.rows('Catalog_Партнеры', { allowedOnly: 'true' })).length).toBe(1);
    expect((await client.get(`Catalog_Партнеры(guid'${hidden}')`)).status).toBe(401);
  });
});

describe('sessions', () => {
  it('are one a request, and few', async () => {
    const { onec, client } = await start({ sessions: 2 });
    const release = onec.hold();
    const waiting = [client.get('Catalog_Партнеры'), client.get('Catalog_Контрагенты')];
    await onec.until(() => onec.sessions.open === 2);
    const refused = await client.get('Catalog_Проекты');
    release();
    expect(refused.status).toBe(406);
    expect(refused.text).toContain('Истекло время ожидания сеанса');
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect(onec.state).toMatchObject({ highestSessions: 2, refusedSessions: 1 });
    expect((await client.get('Catalog_Проекты')).status).toBe(200);
  });

  it('last when they are started, until they are finished', async () => {
    const { onec, client } = await start();
    const begun = await client.send('GET', 'Catalog_Партнеры', { headers: { ibsession: 'start' } });
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).toMatch(/^ibsession=/);
    await client.send('GET', 'Catalog_Партнеры', { headers: { cookie } });
    expect(onec.sessions.open).toBe(1);
    expect([...onec.state.requestsOf.values()]).toEqual([2]);
    await client.send('GET', 'Catalog_Партнеры', { headers: { cookie, ibsession: 'finish' } });
    expect(onec.sessions.open).toBe(0);
    const late = await client.send('GET', 'Catalog_Партнеры', { headers: { cookie } });
    expect(late.status).toBe(400);
    expect(late.text).toContain('Сеанс отсутствует или удален');
  });

  it('end when they are idle', async () => {
    const { onec, client, clock } = await start({ sessionSeconds: 20 });
    await client.send('GET', 'Catalog_Партнеры', { headers: { ibsession: 'start' } });
    clock.pass(21);
    expect(onec.sessions.open).toBe(0);
  });
});

describe('trouble', () => {
  it('comes as pages and other documents, not only as JSON', async () => {
    const { onec, client } = await start();
    onec.faults.on('GET Catalog_Партнеры', '500');
    onec.faults.on('Catalog_Партнеры', 'login-page', { nth: 2 });
    expect(await client.get('Catalog_Партнеры')).toMatchObject({ status: 500, body: null });
    expect(await client.get('Catalog_Партнеры')).toMatchObject({ status: 200, body: null });
    onec.faults.on('*', 'no-licence');
    expect((await client.get('Catalog_Партнеры')).text).toContain('Не обнаружено свободной лицензии');
    onec.faults.on('*', 'locked');
    const locked = await client.get('Catalog_Партнеры');
    expect(locked.body['odata.error'].code).toBe('-1');
    expect(locked.body['odata.error'].message.value).toContain('Конфликт блокировок');
    expect(onec.faults.happened).toHaveLength(4);
  });

  it('comes as a base that is closed for an update, an exchange or a person', async () => {
    const { onec, client, clock } = await start();
    onec.faults.everything = 'closed-for-update';
    expect((await client.get('Catalog_Партнеры')).text).toContain('в связи с обновлением на новую версию');
    onec.faults.everything = 'closed-for-sessions';
    expect((await client.get('Catalog_Партнеры')).text).toContain('Начало сеанса с информационной базой запрещено');
    onec.faults.everything = null;
    onec.faults.outage(clock.now(), clock.now() + 60_000, 'exclusive');
    expect((await client.get('Catalog_Партнеры')).status).toBe(500);
    clock.pass(61);
    expect((await client.get('Catalog_Партнеры')).status).toBe(200);
  });

  it('comes after the work', async () => {
    const { onec, client } = await start();
    onec.faults.on('POST Catalog_Партнеры', 'cut-after');
    await expect(client.post('Catalog_Партнеры', { Description: 'Ромашка' })).rejects.toThrow();
    expect(onec.view.items('Партнеры')).toHaveLength(1);
    onec.faults.on('POST Catalog_Партнеры', 'cut-before');
    await expect(client.post('Catalog_Партнеры', { Description: 'Лютик' })).rejects.toThrow();
    expect(onec.view.items('Партнеры')).toHaveLength(1);
  });

  it('comes from queries that are too long for the web server', async () => {
    const { client } = await start();
    // Each Cyrillic letter takes six bytes.
    const reply = await client.get('Catalog_Партнеры', { $filter: `Description eq '${'я'.repeat(350)}'` });
    expect(reply.status).toBe(404);
    expect(reply.text).toContain('<html>');
  });

  it('is counted', async () => {
    const { onec, client } = await start();
    await client.get('Catalog_Партнеры');
    await client.get("Catalog_Партнеры(guid'00000000-0000-0000-0000-000000000001')");
    expect(onec.state.counts.get('GET Catalog_Партнеры')).toBe(2);
  });
});
