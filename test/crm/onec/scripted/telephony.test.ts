import { describe, expect, it, onTestFinished } from 'vitest';
import { unfParameters } from '../../../support/onec/telephony/parameters.ts';
import { ScriptedService } from '../../../support/scripted-service.ts';
import { start } from './start.ts';

/** УНФ with a manager, a client of his and a caller that poses as the PBX. */
async function office() {
  const { onec, client, clock } = await start({ preset: 'unf', telephony: { key: 'ключ', pbx: 'http://127.0.0.1:9' } });
  const anna = onec.people.addUser({ name: 'Анна', extension: '101' });
  const rose = onec.people.addClient({ name: 'Ромашка', manager: anna, phones: ['8 (916) 123-45-67'] });
  const send = async (fields: Readonly<Record<string, string>>) => {
    const body = Object.entries({ crm_token: 'ключ', ...fields })
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const answer = await fetch(onec.telephonyUrl, { method: 'POST', body });
    return { status: answer.status, text: await answer.text() };
  };
  const event = (type: string, more: Readonly<Record<string, string>> = {}) =>
    send({ cmd: 'event', type, callid: 'c1', phone: '79161234567', ext: '101', ...more });
  const history = (more: Readonly<Record<string, string>> = {}) =>
    send({ cmd: 'history', callid: 'c1', status: 'Success', duration: '35', ...more });
  const call = () => onec.view.records('ДанныеЗвонков')[0];
  return { onec, client, clock, anna, rose, send, event, history, call };
}

describe('contact', () => {
  it('names the client and the extension of who is responsible', async () => {
    const { send } = await office();
    const reply = await send({ cmd: 'contact', phone: '+79161234567', callid: 'c1' });
    expect(JSON.parse(reply.text)).toEqual({ contact_name: 'Ромашка', responsible: '101' });
  });

  it('answers nothing at all for a stranger', async () => {
    const { send } = await office();
    expect(await send({ cmd: 'contact', phone: '74950000000' })).toEqual({ status: 200, text: '' });
    expect((await send({ cmd: 'contact' })).status).toBe(400);
  });
});

describe('a call', () => {
  it('pops up, becomes an event, and gets its length and record', async () => {
    const { onec, event, history, call, rose, anna } = await office();
    expect((await event('INCOMING', { diversion: '74951112233' })).status).toBe(200);
    expect(onec.telephony.popups).toMatchObject([{ phone: '79161234567', caller: { key: rose }, callId: 'c1' }]);
    await event('ACCEPTED');
    await event('COMPLETED');
    await history({ link: 'http://pbx/1.mp3' });
    expect(onec.view.documents('Событие')).toMatchObject([
      {
        ТипСобытия: 'ТелефонныйЗвонок',
        ВходящееИсходящееСобытие: 'Входящее',
        Ответственный_Key: anna,
        НачалоСобытия: '2026-12-01T12:00:00',
      },
    ]);
    expect(call()).toMatchObject({
      НомерОтКого: '79161234567',
      НомерКому: '101',
      НомерОрганизации: '74951112233',
      ДлительностьРазговора: '35',
      СсылкаНаЗаписьРазговора: 'http://pbx/1.mp3',
      Неотвеченный: false,
      ВызовЗавершен: true,
      Сотрудник_Key: anna,
    });
    expect(onec.view.history(rose)).toMatchObject([{ kind: 'Событие' }]);
    expect(onec.view.records('КонтактЦентрВходящее')).toEqual([]);
  });

  it('that is missed stands in the contact centre, once', async () => {
    const { onec, event, history, anna } = await office();
    await event('INCOMING');
    await event('CANCELLED');
    await history({ status: 'Missed', duration: '0' });
    expect(onec.view.records('КонтактЦентрВходящее')).toMatchObject([{ Ответственный_Key: anna }]);
  });

  it('of which the last word is "cancelled" counts as missed, even after its history', async () => {
    const { event, history, call } = await office();
    await event('INCOMING');
    await event('ACCEPTED');
    await history();
    await event('CANCELLED', { ext: '102' });
    expect(call()).toMatchObject({ Неотвеченный: true, ДлительностьРазговора: '35', НомерКому: '102' });
  });

  it('is one event however often it is reported', async () => {
    const { onec, event } = await office();
    await event('INCOMING');
    await event('INCOMING', { ext: '102' });
    await event('incoming');
    expect(onec.view.documents('Событие')).toHaveLength(1);
    expect(onec.view.records('ДанныеЗвонков')).toHaveLength(1);
  });

  it('without an event makes nothing of its history', async () => {
    const { onec, history } = await office();
    expect((await history()).status).toBe(200);
    expect(onec.view.documents('Событие')).toEqual([]);
  });

  it('that is told late gets the time of the server', async () => {
    const { onec, event, clock } = await office();
    clock.pass(3600);
    await event('INCOMING');
    expect(onec.view.documents('Событие')[0]?.НачалоСобытия).toBe('2026-12-01T13:00:00');
  });

  it('of a stranger has no client, only his number', async () => {
    const { onec, event } = await office();
    await event('INCOMING', { phone: '74950000000' });
    expect(onec.view.documents('Событие')[0]?.Участники).toMatchObject([{ Контакт: '', КакСвязаться: '74950000000' }]);
  });
});

describe('the service', () => {
  it('answers ping without a login', async () => {
    const { onec } = await office();
    const answer = await fetch(`${onec.telephonyUrl}ping`);
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
  });

  it('has its quirks', async () => {
    const { send, event, history, onec } = await office();
    expect((await send({ crm_token: 'чужой', cmd: 'contact' })).status).toBe(400);
    expect((await send({ cmd: 'rating' })).status).toBe(501);
    expect((await send({ cmd: 'history', callid: 'c1', status: 'Success' })).status).toBe(500);
    expect((await history({ duration: '' })).status).toBe(500);
    expect((await send({ cmd: 'event', type: 'INCOMING', callid: 'c1', phone: '1' })).status).toBe(400);
    expect((await event('TRANSFERRED')).status).toBe(200);
    expect((await fetch(onec.telephonyUrl, { method: 'POST', body: 'cmd=contact' })).status).toBe(500);
  });

  it('splits after decoding', () => {
    const read = (body: string) => Object.fromEntries(unfParameters(body));
    expect(read('link=http%3A%2F%2Fx%2F%3Fa%3D1%26b%3D2&cmd=history')).toEqual({
      link: 'http://x/?a=1',
      b: '2',
      cmd: 'history',
    });
    expect(read('CMD=event&phone=%2B7+916&a-b=1')).toEqual({ cmd: 'event', phone: '+7+916' });
    expect(read('name=%22a%26b%22&x=1')).toEqual({ name: 'a&b', x: '1' });
  });

  it('fails at the nth event', async () => {
    const { onec, event } = await office();
    onec.faults.on('telephony event', '503');
    expect((await event('INCOMING')).status).toBe(503);
    expect((await event('INCOMING')).status).toBe(200);
  });
});

it('calls back: УНФ asks the PBX for a call, and its event waits for the id', async () => {
  const pbx = new ScriptedService(() => ({ body: 'c7' }));
  const url = await pbx.listen();
  onTestFinished(() => pbx.close());
  const { onec } = await start({ preset: 'unf', telephony: { key: 'k', pbx: url, token: 't' } });
  const anna = onec.people.addUser({ name: 'Анна', extension: '101' });
  const event = onec.people.add('Document_Событие', { ТипСобытия: 'ТелефонныйЗвонок' });
  expect(await onec.telephony.makeCall(anna, '+7 (916) 123-45-67', event)).toEqual({ status: 200, text: 'c7' });
  expect(String(pbx.asked[0]?.body)).toBe('cmd=makeCall&phone=79161234567&user=101&token=t');
  const body = 'crm_token=k&cmd=event&type=OUTGOING&callid=c7&phone=79161234567&ext=101';
  await fetch(onec.telephonyUrl, { method: 'POST', body });
  expect(onec.view.records('ДанныеЗвонков')).toMatchObject([
    { Событие_Key: event, ИдентификаторЗвонкаВАТС: 'c7', НомерКому: '79161234567' },
  ]);
  expect(onec.view.documents('Событие')).toHaveLength(1);
  await onec.telephony.command('accounts');
  expect(String(pbx.asked[1]?.body)).toBe('cmd=accounts&token=t');
});
