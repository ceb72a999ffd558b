import { describe, expect, it } from 'vitest';
import { PortalClient } from './client.ts';
import { start } from './start.ts';

describe('the envelope of the portal', () => {
  it('answers a result with its time', async () => {
    const { app } = await start();
    const { status, body } = await app.call('user.current');
    expect(status).toBe(200);
    expect(body.result).toMatchObject({ ID: '1', UF_PHONE_INNER: '101' });
    expect(body.time).toMatchObject({ date_start: '2026-12-01T12:00:00+03:00', operating: 0 });
  });

  it('takes methods in any case, with .json, and bodies as JSON, form or query', async () => {
    const { portal, app, hook } = await start();
    expect((await app.call('User.GET.json', { FILTER: { UF_PHONE_INNER: '102' } })).body.result).toHaveLength(1);
    expect((await hook.form('user.get', { FILTER: { UF_PHONE_INNER: '102' } })).body.result[0].NAME).toBe('Boris');
    const query = await fetch(`${portal.webhookUrl(1, 'hook')}user.get?FILTER[@ID][0]=1&FILTER[@ID][1]=2`);
    expect(((await query.json()) as { total: number }).total).toBe(2);
  });

  it('refuses unknown methods', async () => {
    const { app } = await start();
    expect(await app.call('crm.nothing')).toMatchObject({ status: 404, body: { error: 'ERROR_METHOD_NOT_FOUND' } });
  });

  it('survives what it did not expect, and complains', async () => {
    const { app, portal } = await start();
    const wrong = { filter: { '<>NAME': 'x' } };
    await app.result('crm.contact.add', { fields: { NAME: 'Ivan' } });
    expect((await app.call('crm.contact.list', wrong)).status).toBe(500);
    expect(portal.state.complaints).toEqual(['crm.contact.list: the portal failed: Error: unknown operator <>']);
  });

  it('collects unknown parameters and wrong types', async () => {
    const { app, portal } = await start();
    await app.call('telephony.externalCall.register', { USER_ID: 'x', PHONE: '1' });
    expect(portal.state.complaints).toEqual([
      'telephony.externalCall.register: unknown parameter PHONE',
      'telephony.externalCall.register: USER_ID should be an integer',
    ]);
  });
});

describe('the authority of a caller', () => {
  it('refuses wrong webhooks and tokens', async () => {
    const { portal, app } = await start();
    const wrong = new PortalClient(portal, '1/wrong');
    expect(await wrong.call('user.current')).toMatchObject({ status: 401, body: { error: 'NO_AUTH_FOUND' } });
    app.token = 'x';
    expect(await app.call('user.current')).toMatchObject({ status: 401, body: { error: 'NO_AUTH_FOUND' } });
  });

  it('wants the scope of a method', async () => {
    const { portal } = await start({ webhooks: [{ userId: 1, secret: 'hook', scopes: ['user'] }] });
    const hook = new PortalClient(portal, '1/hook');
    expect(await hook.call('crm.contact.list')).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
  });

  it('denies webhooks what only applications may do', async () => {
    const { hook } = await start();
    for (const method of ['telephony.externalCall.register', 'telephony.externalCall.finish', 'event.bind'])
      expect(await hook.call(method)).toMatchObject({ status: 403, body: { error: 'WRONG_AUTH_TYPE' } });
  });

  it('lets webhooks register where the portal is set so', async () => {
    const { hook } = await start({ webhookCallsRefused: false });
    const call = { USER_ID: 1, PHONE_NUMBER: '+79161234567', TYPE: 2 };
    expect(await hook.result('telephony.externalCall.register', call)).toHaveProperty('CALL_ID');
    expect(await hook.call('event.bind')).toMatchObject({ status: 403 });
  });

  it('ends access tokens after an hour', async () => {
    const { app, clock } = await start();
    clock.pass(3599);
    expect((await app.call('user.current')).status).toBe(200);
    clock.pass(1);
    expect(await app.call('user.current')).toMatchObject({ status: 401, body: { error: 'expired_token' } });
  });

  it('rotates refresh tokens', async () => {
    const { app } = await start();
    const refresh = { grant_type: 'refresh_token', refresh_token: app.refreshToken };
    const { body } = await app.oauth(refresh);
    expect(body.refresh_token).not.toBe(app.refreshToken);
    expect(await app.oauth(refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await app.oauth({ ...refresh, refresh_token: body.refresh_token })).status).toBe(200);
  });

  it('keeps a rotation whose answer was lost', async () => {
    const { app, portal } = await start();
    portal.oauthFaults.on('token', 'cut-after');
    const refresh = { grant_type: 'refresh_token', refresh_token: app.refreshToken };
    await expect(app.oauth(refresh)).rejects.toThrow();
    expect(await app.oauth(refresh)).toMatchObject({ body: { error: 'invalid_grant' } });
  });

  it('does not know the tokens of another portal', async () => {
    const [one, other] = [await start(), await start()];
    expect(one.portal.auth.memberId).not.toBe(other.portal.auth.memberId);
    one.app.token = other.app.token;
    expect((await one.app.call('user.current')).status).toBe(401);
  });

  it('takes a code once, within 30 s', async () => {
    const { app, portal, clock } = await start();
    const code = portal.auth.code('local.1', 1);
    const exchange = { grant_type: 'authorization_code', code };
    expect((await app.oauth(exchange)).status).toBe(200);
    expect(await app.oauth(exchange)).toMatchObject({ body: { error: 'invalid_grant' } });
    const late = portal.auth.code('local.1', 1);
    clock.pass(30);
    expect(await app.oauth({ ...exchange, code: late })).toMatchObject({ body: { error: 'invalid_grant' } });
    expect(await app.oauth({ ...exchange, client_secret: 'x' })).toMatchObject({ body: { error: 'invalid_client' } });
  });
});

describe('the limits of the portal', () => {
  it('drains two requests a second and blocks at fifty', async () => {
    const { app, clock } = await start();
    const statuses: number[] = [];
    for (let index = 0; index < 51; index += 1) statuses.push((await app.call('user.current')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(await app.call('user.current')).toMatchObject({ status: 503, body: { error: 'QUERY_LIMIT_EXCEEDED' } });
    clock.pass(1);
    expect([await app.call('server.time'), await app.call('server.time')].map(({ status }) => status)).toEqual([
      200, 200,
    ]);
    expect((await app.call('server.time')).status).toBe(503);
  });

  it('stops a method that ran too long within ten minutes', async () => {
    const { app, clock } = await start({ operating: { cost: (method) => (method === 'user.get' ? 300 : 0) } });
    await app.call('user.get');
    expect((await app.call('user.get')).body.time.operating).toBe(600);
    expect(await app.call('user.get')).toMatchObject({ status: 429, body: { error: 'OPERATION_TIME_LIMIT' } });
    expect((await app.call('user.current')).status).toBe(200);
    clock.pass(600);
    expect((await app.call('user.get')).status).toBe(200);
  });
});

describe('batch', () => {
  it('names earlier results, and reports each error with HTTP 200', async () => {
    const { app } = await start();
    const { status, body } = await app.call('batch', {
      cmd: {
        reg: 'telephony.externalCall.register?USER_ID=2&PHONE_NUMBER=79161234567&TYPE=2&SHOW=0',
        fin: 'telephony.externalCall.finish?CALL_ID=$result[reg][CALL_ID]&USER_ID=2&DURATION=5',
        again: 'telephony.externalCall.finish?CALL_ID=$result[reg][CALL_ID]&USER_ID=2',
        inner: 'batch?cmd[0]=user.current',
        users: 'user.get',
      },
    });
    expect(status).toBe(200);
    expect(body.result.result.fin).toMatchObject({ CALL_STATUS: 1, CALL_DURATION: 5 });
    expect(body.result.result_error.again.error_description).toContain('Call is not found');
    expect(body.result.result_error.inner.error).toBe('ERROR_BATCH_METHOD_NOT_ALLOWED');
    expect(body.result.result_total).toEqual({ users: 3 });
    expect(body.result.result_next).toEqual([]);
  });

  it('stops at the first error if told so', async () => {
    const { app } = await start();
    const { result } = (await app.call('batch', { halt: 1, cmd: ['crm.nothing', 'user.current'] })).body;
    expect(result.result).toEqual([]);
    expect(Object.keys(result.result_error)).toEqual(['0']);
  });

  it('runs fifty commands and refuses the rest', async () => {
    const { app } = await start();
    const { result } = (await app.call('batch', { cmd: Array.from({ length: 51 }, () => 'server.time') })).body;
    expect(Object.keys(result.result)).toHaveLength(50);
    expect(result.result_error['50'].error).toBe('ERROR_BATCH_LENGTH_EXCEEDED');
  });
});

describe('faults', () => {
  it('spoils the nth call of a method', async () => {
    const { app, portal } = await start();
    portal.faults.on('user.current', '502', { nth: 2 });
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await app.call('user.current')).status);
    expect(statuses).toEqual([200, 502, 200]);
  });

  it('loses the answer after the work was done', async () => {
    const { app, portal } = await start();
    portal.faults.on('crm.lead.add', 'cut-after');
    await expect(app.call('crm.lead.add', { fields: { TITLE: 'x' } })).rejects.toThrow();
    expect([...portal.core.cards.LEAD.all()]).toHaveLength(1);
    portal.faults.on('crm.lead.add', '500-after');
    expect((await app.call('crm.lead.add', { fields: { TITLE: 'y' } })).status).toBe(500);
    expect(portal.cards('LEAD').map(({ TITLE }) => TITLE)).toEqual(['x', 'y']);
    portal.faults.on('crm.lead.add', 'cut-before');
    await expect(app.call('crm.lead.add', { fields: { TITLE: 'x' } })).rejects.toThrow();
    expect(portal.cards('LEAD')).toHaveLength(2);
  });

  it('hangs until the caller gives up', async () => {
    const { portal, hook } = await start();
    portal.faults.on('crm.lead.add', 'hang-after');
    const giveUp = new AbortController();
    const url = `${portal.webhookUrl(1, 'hook')}crm.lead.add?fields[TITLE]=x`;
    const call = fetch(url, { signal: giveUp.signal });
    await portal.until(({ path }) => path.endsWith('crm.lead.add'));
    giveUp.abort();
    await expect(call).rejects.toThrow();
    expect(await hook.result('crm.lead.list', { select: ['TITLE'] })).toEqual([{ TITLE: 'x' }]);
  });

  it('is away for a time', async () => {
    const { app, portal, clock } = await start();
    portal.faults.outage(clock.now() + 1000, clock.now() + 2000);
    const statuses = [];
    for (let index = 0; index < 3; index += 1) {
      statuses.push((await app.call('user.current')).status);
      clock.pass(1);
    }
    expect(statuses).toEqual([200, 503, 200]);
  });

  it('blocks by overload and without a subscription', async () => {
    const { app, portal } = await start();
    portal.faults.everything = 'overload';
    expect(await app.call('user.current')).toMatchObject({ status: 503, body: { error: 'OVERLOAD_LIMIT' } });
    portal.faults.everything = 'no-subscription';
    expect(await app.call('user.current')).toMatchObject({ status: 403, body: { error: 'ACCESS_DENIED' } });
  });

  it('answers pages that are empty, broken or HTML', async () => {
    const { app, portal } = await start();
    portal.faults.on('user.get', 'empty');
    expect((await app.call('user.get')).body.result).toEqual([]);
    portal.faults.on('user.get', 'html');
    await expect(app.call('user.get')).rejects.toThrow(SyntaxError);
    portal.faults.on('user.get', 'malformed');
    await expect(app.call('user.get')).rejects.toThrow(SyntaxError);
  });
});
