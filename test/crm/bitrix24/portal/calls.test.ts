import { describe, expect, it, onTestFinished } from 'vitest';
import { ScriptedService } from '../../../support/scripted-service.ts';
import { start } from './start.ts';

const phone = '+79161234567';
const call = { USER_ID: 2, PHONE_NUMBER: phone, TYPE: 2 };

describe('register', () => {
  it('makes a call and pops the card by default', async () => {
    const { app, portal } = await start();
    const { CALL_ID } = await app.result('telephony.externalCall.register', call);
    expect(CALL_ID).toMatch(/^externalCall\.[0-9a-f]{32}\.\d+$/);
    expect([...(portal.state.calls.get(CALL_ID)?.shownTo ?? [])]).toEqual([2]);
  });

  it('finds the same call again for 30 minutes, until it is finished', async () => {
    const { app, clock } = await start();
    const register = async (more = {}) =>
      (await app.result('telephony.externalCall.register', { ...call, SHOW: 0, ...more })).CALL_ID;
    const first = await register();
    expect(await register()).toBe(first);
    expect(await register({ EXTERNAL_CALL_ID: 'b' })).not.toBe(first);
    expect(await register({ USER_ID: 1 })).not.toBe(first);
    clock.pass(1800);
    expect(await register()).not.toBe(first);
    const second = await register({ EXTERNAL_CALL_ID: 'c' });
    await app.result('telephony.externalCall.finish', { CALL_ID: second, USER_ID: 2 });
    expect(await register({ EXTERNAL_CALL_ID: 'c' })).not.toBe(second);
  });

  it.each([
    [{ USER_ID: '' }, 'USER_ID or USER_PHONE_INNER should be set'],
    [{ USER_ID: 3 }, 'User is not found or is not active'],
    [{ USER_ID: '', USER_PHONE_INNER: '999' }, 'User is not found or is not active'],
    [{ TYPE: 6 }, 'Unknown TYPE'],
    [{ PHONE_NUMBER: 'abc' }, 'Unsupported phone number format'],
    [{ CALL_START_DATE: '01.12.2026' }, 'CALL_START_DATE should be in the ISO-8601 format'],
  ])('refuses %j', async (wrong, text) => {
    const { app } = await start();
    const { status, body } = await app.call('telephony.externalCall.register', { ...call, ...wrong });
    expect([status, body.error, body.error_description]).toEqual([400, 'ERROR_CORE', text]);
  });

  it('makes a lead only when asked, and only for a stranger', async () => {
    const { app } = await start();
    const contact = await app.result('crm.contact.add', {
      fields: { NAME: 'Ivan', PHONE: [{ VALUE: '8 916 123-45-67' }] },
    });
    expect(await app.result('telephony.externalCall.register', { ...call, CRM_CREATE: 1 })).toMatchObject({
      CRM_CREATED_LEAD: null,
      CRM_CREATED_ENTITIES: [],
      CRM_ENTITY_TYPE: 'CONTACT',
      CRM_ENTITY_ID: contact,
    });
    const stranger = { ...call, PHONE_NUMBER: '+74950000000' };
    expect(await app.result('telephony.externalCall.register', { ...stranger, USER_ID: 1 })).toMatchObject({
      CRM_CREATED_LEAD: null,
    });
    expect(await app.result('telephony.externalCall.register', { ...stranger, CRM_CREATE: 1 })).toMatchObject({
      CRM_CREATED_LEAD: 1,
      CRM_ENTITY_TYPE: 'LEAD',
    });
  });

  it('makes a contact and a deal where there are no leads', async () => {
    const { app } = await start({ leads: false });
    expect(await app.result('telephony.externalCall.register', { ...call, CRM_CREATE: 1 })).toMatchObject({
      CRM_CREATED_LEAD: null,
      CRM_CREATED_ENTITIES: [
        { ENTITY_TYPE: 'CONTACT', ENTITY_ID: 1 },
        { ENTITY_TYPE: 'DEAL', ENTITY_ID: 1 },
      ],
    });
  });

  it('treats a colleague’s extension as internal', async () => {
    const { app } = await start();
    const answer = await app.result('telephony.externalCall.register', { ...call, PHONE_NUMBER: '101', CRM_CREATE: 1 });
    expect(answer.CRM_CREATED_ENTITIES).toEqual([]);
  });

  it('keeps an unknown line as a line of the application', async () => {
    const { app } = await start();
    await app.result('telephony.externalCall.register', { ...call, LINE_NUMBER: '74951112233' });
    expect(await app.result('telephony.externalLine.get')).toEqual([
      { NUMBER: '74951112233', NAME: '74951112233', CRM_AUTO_CREATE: 'Y' },
    ]);
  });
});

describe('external lines', () => {
  it('decide on new cards of outgoing calls', async () => {
    const { app } = await start();
    const line = { NUMBER: '74951112233', CRM_AUTO_CREATE: 'N' };
    expect(await app.result('telephony.externalLine.add', line)).toEqual({ ID: 1 });
    expect((await app.call('telephony.externalLine.add', line)).body.error_description).toBe('Line already exists');
    const outgoing = { ...call, TYPE: 1, CRM_CREATE: 1, LINE_NUMBER: line.NUMBER };
    expect((await app.result('telephony.externalCall.register', outgoing)).CRM_CREATED_LEAD).toBeNull();
    expect((await app.result('telephony.externalCall.register', { ...outgoing, TYPE: 2 })).CRM_CREATED_LEAD).toBe(1);
    expect(await app.result('telephony.externalLine.delete', { NUMBER: line.NUMBER })).toEqual([]);
    expect((await app.call('telephony.externalLine.delete', line)).body.error_description).toContain(
      'Could not find line',
    );
  });
});

describe('show and hide', () => {
  it('opens the card for all who ring, and closes it for the others', async () => {
    const { app, portal } = await start();
    const { CALL_ID } = await app.result('telephony.externalCall.register', { ...call, SHOW: 0 });
    expect(await app.result('telephony.externalCall.show', { CALL_ID, USER_ID: [1, 2] })).toBe(true);
    expect(await app.result('telephony.externalCall.hide', { CALL_ID, USER_ID: 1 })).toBe(true);
    expect([...(portal.state.calls.get(CALL_ID)?.shownTo ?? [])]).toEqual([2]);
    expect(await app.result('telephony.externalCall.show', { CALL_ID: 'externalCall.x.1' })).toBe(false);
  });
});

describe('finish', () => {
  it('makes the activity and the row of the statistics, once', async () => {
    const { app, portal } = await start();
    const { CALL_ID } = await app.result('telephony.externalCall.register', { ...call, CRM_CREATE: 1 });
    const row = await app.result('telephony.externalCall.finish', { CALL_ID, USER_ID: 1, DURATION: 60 });
    expect(row).toMatchObject({
      CALL_STATUS: 1,
      CALL_FAILED_CODE: '200',
      PORTAL_USER_ID: 1,
      CRM_ACTIVITY_ID: 1,
      ID: 1,
    });
    expect(portal.state.activities.get(1)?.fields).toMatchObject({ TYPE_ID: '2', RESPONSIBLE_ID: '1', COMPLETED: 'Y' });
    expect(portal.core.cards.LEAD.get(1)?.ASSIGNED_BY_ID).toBe('1');
    const again = await app.call('telephony.externalCall.finish', { CALL_ID, USER_ID: 1 });
    expect(again).toMatchObject({ status: 400, body: { error: 'ERROR_CORE' } });
    expect(again.body.error_description).toBe('Call is not found (call should be registered prior to finishing)');
  });

  it('counts a call with a duration as successful, whatever its code', async () => {
    const { app } = await start();
    const finish = async (more: object) => {
      const { CALL_ID } = await app.result('telephony.externalCall.register', call);
      return app.result('telephony.externalCall.finish', { CALL_ID, USER_ID: 2, ...more });
    };
    expect(await finish({ DURATION: 20, STATUS_CODE: '304' })).toMatchObject({
      CALL_STATUS: 1,
      CALL_FAILED_CODE: '304',
    });
    expect(await finish({})).toMatchObject({ CALL_STATUS: 0, CALL_FAILED_CODE: '304', CALL_DURATION: 0 });
  });

  it('hides the card only from the user who finishes', async () => {
    const { app, portal } = await start();
    const { CALL_ID } = await app.result('telephony.externalCall.register', call);
    await app.result('telephony.externalCall.show', { CALL_ID, USER_ID: [1, 2] });
    await app.result('telephony.externalCall.finish', { CALL_ID, USER_ID: 2 });
    expect([...(portal.state.calls.get(CALL_ID)?.shownTo ?? [])]).toEqual([1]);
  });

  it('leaves the responsible of an existing card', async () => {
    const { app, portal } = await start();
    await app.result('crm.contact.add', { fields: { ASSIGNED_BY_ID: 1, PHONE: [{ VALUE: phone }] } });
    const { CALL_ID } = await app.result('telephony.externalCall.register', call);
    await app.result('telephony.externalCall.finish', { CALL_ID, USER_ID: 2, DURATION: 1 });
    expect(portal.core.cards.CONTACT.get(1)?.ASSIGNED_BY_ID).toBe(1);
  });

  it('leaves a miss open until somebody calls back', async () => {
    const { app, portal } = await start();
    await app.result('crm.contact.add', { fields: { PHONE: [{ VALUE: phone }] } });
    const miss = await app.result('telephony.externalCall.register', call);
    const { CRM_ACTIVITY_ID } = await app.result('telephony.externalCall.finish', {
      CALL_ID: miss.CALL_ID,
      USER_ID: 2,
    });
    expect(portal.state.activities.get(CRM_ACTIVITY_ID)?.fields.COMPLETED).toBe('N');
    const back = await app.result('telephony.externalCall.register', { ...call, TYPE: 1 });
    await app.result('telephony.externalCall.finish', { CALL_ID: back.CALL_ID, USER_ID: 2, DURATION: 9 });
    expect(portal.state.activities.get(CRM_ACTIVITY_ID)?.fields.COMPLETED).toBe('Y');
  });

  it('wants a text as CALL_ID, and a user', async () => {
    const { app } = await start();
    expect(await app.call('telephony.externalCall.finish', { CALL_ID: 5, USER_ID: 2 })).toMatchObject({
      status: 400,
      body: { error: 'INVALID_ARGUMENT' },
    });
    expect((await app.call('telephony.externalCall.finish', { CALL_ID: 'x' })).body.error_description).toBe(
      'USER_ID or USER_PHONE_INNER should be set',
    );
  });
});

describe('records', () => {
  const finished = async () => {
    const started = await start();
    const { CALL_ID } = await started.app.result('telephony.externalCall.register', { ...call, CRM_CREATE: 1 });
    await started.app.result('telephony.externalCall.finish', { CALL_ID, USER_ID: 2, DURATION: 3 });
    return { ...started, CALL_ID };
  };

  it('are attached after finish only', async () => {
    const { app, hook } = await start();
    const { CALL_ID } = await app.result('telephony.externalCall.register', call);
    const { body } = await hook.call('telephony.externalCall.attachRecord', {
      CALL_ID,
      FILENAME: 'a.mp3',
      FILE_CONTENT: 'YQ==',
    });
    expect(body.error_description).toContain('It looks like it is not finished yet');
  });

  it('are mp3 or wav in base64, and a repeat replaces', async () => {
    const { app, portal, CALL_ID } = await finished();
    const attach = (more: object) => app.call('telephony.externalCall.attachRecord', { CALL_ID, ...more });
    expect((await attach({})).body.error_description).toContain('Required parameters are not set');
    expect((await attach({ FILENAME: 'a.ogg', FILE_CONTENT: 'YQ==' })).body.error_description).toContain(
      'Wrong file extension',
    );
    expect((await attach({ FILENAME: 'a.mp3', FILE_CONTENT: '' })).body.error_description).toBe(
      'File content is empty.',
    );
    expect((await attach({ FILENAME: 'a.mp3', FILE_CONTENT: '*' })).body.error_description).toContain(
      'not properly encoded',
    );
    expect((await attach({ FILENAME: 'a.mp3', FILE_CONTENT: 'YQ==' })).body.result).toEqual({ FILE_ID: 1 });
    expect((await attach({ FILENAME: 'b.wav', FILE_CONTENT: 'Yg==' })).body.result).toEqual({ FILE_ID: 2 });
    expect(portal.state.records.get(CALL_ID)).toMatchObject({ name: 'b.wav', bytes: Buffer.from('b') });
    expect(portal.state.activities.get(1)?.fields.FILES).toMatchObject([{ id: 2 }]);
  });

  it('are uploaded to an address that works once', async () => {
    const { app, portal, CALL_ID } = await finished();
    const { uploadUrl, fieldName } = await app.result('telephony.externalCall.attachRecord', {
      CALL_ID,
      FILENAME: 'a.mp3',
    });
    const form = () => {
      const body = new FormData();
      body.append(fieldName, new Blob(['sound']), 'a.mp3');
      return { method: 'POST', body };
    };
    expect(await (await fetch(uploadUrl, form())).json()).toEqual({ result: { FILE_ID: 1 } });
    expect(String(portal.state.records.get(CALL_ID)?.bytes)).toBe('sound');
    expect((await fetch(uploadUrl, form())).status).toBe(400);
  });

  it('are downloaded from an address of ours', async () => {
    const { app, portal, CALL_ID } = await finished();
    const service = new ScriptedService(({ path }) => (path === '/a.mp3' ? { body: 'sound' } : { status: 404 }));
    const root = await service.listen();
    onTestFinished(() => service.close());
    const attach = (RECORD_URL: string) => app.call('telephony.externalCall.attachRecord', { CALL_ID, RECORD_URL });
    expect((await attach(`${root}/b.mp3`)).body.error_description).toBe('Server returns HTTP error code 404');
    expect((await attach(`${root}/a.mp3`)).body.result).toEqual({ FILE_ID: 1 });
    expect(String(portal.state.records.get(CALL_ID)?.bytes)).toBe('sound');
  });

  it('have transcripts of User and Client', async () => {
    const { app, portal, CALL_ID } = await finished();
    const line = { SIDE: 'Client', START_TIME: 0, STOP_TIME: 1, MESSAGE: 'Hello' };
    const attach = (MESSAGES: readonly object[]) =>
      app.call('telephony.call.attachTranscription', { CALL_ID, MESSAGES: MESSAGES as never });
    expect((await attach([{ ...line, SIDE: 'client' }])).body.error_description).toContain('either Client or User');
    expect((await attach([{ ...line, STOP_TIME: 0 }])).body.error_description).toContain('[STOP_TIME]');
    expect((await attach([line])).body.result).toEqual({ TRANSCRIPT_ID: 1 });
    expect(portal.state.transcripts.get(CALL_ID)).toEqual([{ side: 'Client', start: 0, stop: 1, text: 'Hello' }]);
  });
});

describe('searchCrmEntities and the statistics', () => {
  it('finds the card with its responsible', async () => {
    const { app, hook } = await start();
    await app.result('crm.contact.add', {
      fields: { NAME: 'Ivan', ASSIGNED_BY_ID: 2, PHONE: [{ VALUE: '8 (916) 123-45-67' }] },
    });
    const [found] = await hook.result('telephony.externalCall.searchCrmEntities', { PHONE_NUMBER: phone });
    expect(found).toMatchObject({
      CRM_ENTITY_TYPE: 'CONTACT',
      CRM_ENTITY_ID: 1,
      ASSIGNED_BY: { ID: '2', USER_PHONE_INNER: '102' },
    });
    expect(await hook.result('telephony.externalCall.searchCrmEntities', { PHONE_NUMBER: '1' })).toEqual([]);
  });

  it('lists rows by filter, fifty a page', async () => {
    const { app } = await start({ rate: 'off' });
    for (const count of [25, 25, 1]) {
      const commands = Array.from({ length: count }, (_, index) => [
        [`r${index}`, `telephony.externalCall.register?USER_ID=2&PHONE_NUMBER=7916&TYPE=2&EXTERNAL_CALL_ID=c${index}`],
        [`f${index}`, `telephony.externalCall.finish?USER_ID=2&CALL_ID=$result[r${index}][CALL_ID]`],
      ]);
      await app.result('batch', { cmd: Object.fromEntries(commands.flat()) });
    }
    const first = (await app.call('voximplant.statistic.get', { SORT: 'ID', ORDER: 'ASC' })).body;
    expect([first.result.length, first.total, first.next]).toEqual([50, 51, 50]);
    const one = await app.result('voximplant.statistic.get', { FILTER: { EXTERNAL_CALL_ID: 'c7' } });
    expect(one).toMatchObject([{ CALL_FAILED_CODE: '304', CALL_TYPE: '2' }, { EXTERNAL_CALL_ID: 'c7' }]);
  });

  it('are closed to users without the right to see them', async () => {
    const { hook } = await start({ users: [{ id: 1, name: 'Anna', admin: true, seesStatistics: false }] });
    expect(await hook.call('voximplant.statistic.get')).toMatchObject({
      status: 403,
      body: { error: 'ACCESS_DENIED' },
    });
  });
});
