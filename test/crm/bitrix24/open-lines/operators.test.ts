import { describe, expect, it, vi } from 'vitest';
import type { InteractionId } from '../../../../src/domain/base/ids.ts';
import { outboundKey } from '../../../../src/domain/outbound/outbound.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import { type Fields, writeForm } from '../../../support/bitrix24/values.ts';
import { LinesOffice } from './office.ts';

async function withQuestion(settings: object = {}): Promise<LinesOffice> {
  const office = await LinesOffice.open(settings);
  await office.write(1, { text: 'How much?' });
  return office;
}

/** The event of an operator's message, as the portal posts it. */
function answered(office: LinesOffice, message: Fields, auth: Fields = {}): Fields {
  const { portal, chat } = office;
  const own = { application_token: portal.auth.applicationToken('local.1'), member_id: portal.auth.memberId };
  const item = { im: { chat_id: chat.id, message_id: 77 }, message, chat: { id: chat.externalId } };
  return {
    event: 'ONIMCONNECTORMESSAGEADD',
    data: { CONNECTOR: chat.connector, LINE: chat.line, MESSAGES: [item] },
    ts: String(Math.floor(office.time.at / 1000)),
    auth: { ...own, ...auth },
  };
}

async function post(office: LinesOffice, form: Fields): Promise<number> {
  const answer = await office.cores
    .hookReceiver('b24')
    ?.receive({ method: 'POST', query: {}, headers: {}, body: Buffer.from(writeForm(form)) });
  return answer?.status ?? 0;
}

describe('an answer of an operator', () => {
  it('goes to the client, is the manager’s, and is delivered and read in the portal', async () => {
    const office = await withQuestion();
    const id = await office.portal.people.answerInOpenLine(1, 2, '[b]100[/b] roubles[br]each');
    await office.send();
    expect(office.sent).toEqual(['100 roubles\neach']);
    const [question, answer, ...others] = await office.contacts();
    expect(others).toEqual([]);
    expect(answer).toMatchObject({
      direction: 'outbound',
      state: 'sent',
      handledBy: { id: 'boris' },
      causedBy: question?.id,
    });
    expect(question?.answeredAt).not.toBeNull();
    expect(office.said).toEqual([
      ['client', 'How much?'],
      ['operator', '[b]100[/b] roubles[br]each'],
    ]);
    const shown = () => office.chat.messages.find((one) => one.id === id);
    expect(shown()).toMatchObject({ status: 'delivered', externalIds: [answer?.id] });
    const key = outboundKey(answer?.id as InteractionId);
    const report = { kind: 'report', key, connection: 'tg', state: 'read', problem: null, at: office.time.at } as const;
    await office.desk.intake.emit(report);
    await office.deliveries.deliver();
    expect(shown()?.status).toBe('read');
    expect(office.portal.state.activities.size).toBe(0);
    expect(office.portal.state.complaints).toEqual([]);
  });

  it('brings its files from the portal, and the links of others', async () => {
    const office = await withQuestion();
    const file = office.portal.core.keepFile('list.txt', Buffer.from('a price list'));
    const root = office.portal.root;
    await office.portal.people.answerInOpenLine(1, 1, 'Look', [`${root}/file/${file}`]);
    await office.portal.people.answerInOpenLine(1, 1, 'And', [`${root}/file/999`]);
    await office.portal.people.answerInOpenLine(1, 1, 'Or', ['http://127.0.0.1:1/secret']);
    await office.send();
    expect(office.server.messages.map(({ text, file: content }) => [text, content])).toEqual([
      ['Look', 'a price list'],
      [`And\n${root}/file/999`, null],
      ['Or', null],
    ]);
  });

  it('names its operator by setting, and goes out even if they are no manager', async () => {
    const office = await withQuestion({ operatorNames: true });
    await office.portal.people.answerInOpenLine(1, 3, 'Good evening');
    await office.send();
    const [question, answer] = await office.contacts();
    expect([question?.answeredAt === null, answer?.handledBy]).toEqual([false, null]);
    await office.portal.people.answerInOpenLine(1, 1, 'Good day');
    await office.send();
    expect(office.sent).toEqual(['Vera:\nGood evening', 'Manager anna:\nGood day']);
  });

  it('that the portal wrote itself is no answer', async () => {
    const office = await withQuestion();
    expect(await post(office, answered(office, { user_id: '0', text: 'We answer soon' }))).toBe(200);
    await office.send();
    const [question, greeting] = await office.contacts();
    expect(office.sent).toEqual(['We answer soon']);
    expect([question?.answeredAt, greeting?.automatic]).toEqual([null, 'auto_reply']);
  });

  it('that is posted twice is sent once, and a forged one is refused', async () => {
    const office = await withQuestion();
    const form = answered(office, { user_id: '1', text: 'Good day' });
    expect([await post(office, form), await post(office, form)]).toEqual([200, 200]);
    for (const auth of [{ application_token: 'x'.repeat(32) }, { member_id: 'other' }])
      expect(await post(office, answered(office, { user_id: '1', text: 'Pay here' }, auth))).toBe(403);
    await office.send();
    expect(office.sent).toEqual(['Good day']);
    expect(await office.contacts()).toHaveLength(2);
  });

  it('of another connector, to an unknown chat or too late is not sent, and the operator learns of it', async () => {
    const office = await withQuestion();
    const form = answered(office, { user_id: '1', text: 'Good day' });
    expect(await post(office, { ...form, data: { ...(form.data as Fields), CONNECTOR: 'other' } })).toBe(200);
    const item = { im: { chat_id: 1, message_id: 5 }, message: { user_id: 1, text: 'x' }, chat: { id: 'tg:99' } };
    expect(await post(office, { ...form, data: { ...(form.data as Fields), MESSAGES: [item] } })).toBe(200);
    office.window = { hours: 1, after: [] };
    office.time.at += 90 * 60_000;
    expect(await post(office, form)).toBe(200);
    expect(await office.contacts()).toHaveLength(1);
    expect(office.said).toEqual([
      ['client', 'How much?'],
      ['system', 'Not sent: Patchbay does not know this conversation, or can no longer answer it.'],
      ['system', 'Not sent: the messenger takes no free text until the client writes again.'],
    ]);
  });

  it('that failed is told to the operator once', async () => {
    const office = await withQuestion();
    await office.portal.people.answerInOpenLine(1, 1, 'Good day');
    office.server.next.push({
      status: 403,
      body: JSON.stringify({ ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' }),
    });
    await office.send();
    const [, answer] = await office.contacts();
    expect(answer?.state).toBe('failed');
    expect(office.said.filter(([from]) => from === 'system')).toEqual([
      ['system', `Not delivered: ${answer?.problem}`],
    ]);
    expect(office.portal.state.complaints).toEqual([]);
  });

  it('can not be changed or deleted in the portal, and one that is says so', async () => {
    const office = await withQuestion();
    const id = await office.portal.people.answerInOpenLine(1, 1, 'Good day');
    await office.send();
    await expect(office.portal.people.editInOpenLine(1, id, 1, 'Good evening')).rejects.toThrow('does not offer');
    await expect(office.portal.people.deleteInOpenLine(1, id, 1)).rejects.toThrow('does not offer');
    for (const event of ['ONIMCONNECTORMESSAGEUPDATE', 'ONIMCONNECTORMESSAGEDELETE'])
      await post(office, { ...answered(office, { id: ['x'], text: 'Good evening' }), event });
    expect(office.said.slice(2).map(([from, text]) => [from, text.slice(0, 17)])).toEqual([
      ['system', 'The client still '],
      ['system', 'The client still '],
    ]);
    expect(office.sent).toEqual(['Good day']);
  });
});

describe('the connection to an open line', () => {
  const stateOf = ({ cores }: LinesOffice) => cores.states.map(({ health, reason }) => `${health} ${reason ?? ''}`);
  const connectorsOf = ({ state }: Portal) => [...state.connectors.values()];

  it('that somebody ends in the portal degrades the state, until the application is installed again', async () => {
    const office = await withQuestion();
    await office.portal.people.disconnectChannel(office.chat.connector, 1, 9);
    expect(stateOf(office)).toEqual([expect.stringContaining('degraded open line 1')]);
    office.portal.state.connectors.clear();
    await office.install();
    await office.write(2, { text: 'Hello?' });
    expect(office.said).toHaveLength(2);
  });

  it('that is deleted in the portal degrades the state, and messages wait until it is back', async () => {
    const office = await withQuestion();
    await office.portal.people.deleteOpenLine(1, 9);
    expect(stateOf(office)).toEqual([
      expect.stringContaining('degraded open line 1 of Bitrix24 does not take Shop bot'),
    ]);
    await office.take(2, { text: 'Hello?' });
    await expect(office.deliveries.deliver(5)).rejects.toThrow('still something owed');
    const [owed] = (await office.desk.store.read.owed({ limit: 10, cursor: null, state: 'due' })).items;
    expect(owed?.lastError).toContain('open line 1');
    office.portal.state.openLines.set(1, 'Again');
    await office.install();
    await office.deliveries.deliver();
    expect(office.said).toHaveLength(2);
    expect(stateOf(office)).toEqual(['ready ']);
  });

  it('is examined, with the permissions that it needs', async () => {
    const office = await withQuestion();
    const [core] = office.cores.connectable;
    const findings = await core?.core.examine(AbortSignal.timeout(10_000));
    const of = (what: string) => findings?.find((one) => one.what === `b24: ${what}`);
    expect(of('open lines')).toMatchObject({ ok: true, detail: 'open line 1 takes Shop bot' });
    expect(of('channels of the open lines')).toMatchObject({ ok: true });
    expect(core?.core.guide().join()).toContain('imconnector, imopenlines, im');
    await office.portal.people.deleteOpenLine(1, 9);
    const later = await core?.core.examine(AbortSignal.timeout(10_000));
    expect(later?.find(({ what }) => what === 'b24: open lines')).toMatchObject({ ok: false });
  });

  it('to a line that does not exist is not made', async () => {
    const office = await LinesOffice.open({ openLines: { bot: 7 } });
    expect(office.isActive).toBe(false);
    expect(stateOf(office)).toEqual([expect.stringContaining('degraded open line 7')]);
  });

  it('is removed when messages go elsewhere', async () => {
    const office = await withQuestion();
    office.restart({ messages: 'activity' });
    await office.write(2, { text: 'Hello?' });
    await vi.waitFor(() => expect(connectorsOf(office.portal)).toEqual([]), { timeout: 20_000 });
    expect(office.portal.state.activities.size).toBe(1);
    expect(() => office.restart({ app: undefined, webhook: 'https://portal.example/rest/1/secret/' })).toThrow(
      'destinations.b24.messages: openlines needs a local application',
    );
  });

  it('is made and ended on the page in the portal, by an administrator', async () => {
    const office = await LinesOffice.open({ openLines: {} });
    const [connector] = connectorsOf(office.portal);
    const open = (user: number) => office.portal.widgets.openConnectorSettings(connector?.id ?? '', 1, user);
    expect((await open(1)).status).toBe(403);
    const page = await open(9);
    expect(page.body).toContain('«Shop bot» не подключён');
    const press = async (body: string, act: string) => {
      const token = /name="token" value="([^"]+)"/.exec(body)?.[1] ?? '';
      const address = /action="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ token, act }) });
      return answer.text();
    };
    const connected = await press(page.body, 'connect');
    expect(connected).toContain('принимает канал «Shop bot»');
    await office.write(1, { text: 'Hello' });
    expect(office.said).toHaveLength(1);
    const later = (await open(9)).body;
    expect(await press(later.replace(/value="[^"]+"/, 'value="forged.token"'), 'disconnect')).toContain('Нет доступа');
    expect(await press(later, 'disconnect')).toContain('не подключён');
    await office.write(2, { text: 'Hello?' });
    expect(office.said).toHaveLength(1);
    expect(office.portal.state.activities.size).toBe(1);
    expect(office.portal.state.complaints).toEqual([]);
  });
});
