import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AsteriskConnection } from '../../../src/connectors/asterisk/connection.ts';
import type { AsteriskConfig } from '../../../src/connectors/asterisk/schema.ts';
import { eventKey, type InteractionId } from '../../../src/domain/base/ids.ts';
import { type Outbound, outboundKey } from '../../../src/domain/outbound/outbound.ts';
import { reasonText } from '../../../src/domain/reasons/reasons.ts';
import { isDoubtful } from '../../../src/domain/reasons/sending.ts';
import { AmiTestServer, emptyLists, success } from '../../support/ami-server.ts';
import { connectorContext, type RecordingContext } from '../../support/connector-context.ts';

const id = '019abcde-0000-7000-8000-00000000000a' as InteractionId;

/** A call requested by m1 at extension 101. */
const request: Outbound = {
  id,
  connection: 'pbx',
  channel: 'call',
  state: 'sending',
  attempts: 1,
  nextAt: 0,
  expiresAt: 0,
  content: {
    manager: 'm1',
    extension: '101',
    to: { email: null, phone: '+79161234567', account: null, name: null },
    subject: null,
    text: '',
    attachments: [],
    line: null,
    replyTo: null,
  },
};

describe('click-to-call', () => {
  let server: AmiTestServer;
  let context: RecordingContext;
  let connection: AsteriskConnection;

  beforeEach(async () => {
    server = new AmiTestServer();
    server.answer = emptyLists;
    context = connectorContext('pbx');
    await open({ context: 'patchbay-call', number: '{digits}', ring: 20 });
    await vi.waitFor(() => expect(context.states).toContain('ready'), 20_000);
  });

  afterEach(async () => {
    await connection.stop();
    await server.close();
  });

  async function open(clickToCall: AsteriskConfig['clickToCall'], port?: number): Promise<void> {
    connection = new AsteriskConnection(
      {
        kind: 'asterisk',
        dial: 'PJSIP/{extension}',
        ...(clickToCall !== undefined && { clickToCall }),
        ami: { host: '127.0.0.1', port: port ?? (await server.listen()), username: 'pb', secret: 'pb', tls: false },
        extensions: '^10\\d$',
        trunks: [],
        devices: [],
        numbers: [],
        charset: 'auto',
      },
      context,
    );
    await connection.start();
  }

  const asked = () => server.actions.filter((action) => action.get('action') === 'Originate');

  it('rings the manager first and continues in the dialplan, with a channel id from the request', async () => {
    expect(await connection.send(request)).toEqual({ kind: 'sent', keys: [], handle: null, state: 'sent' });
    const [action] = asked();
    expect(Object.fromEntries(action ?? [])).toMatchObject({
      channel: 'PJSIP/101',
      context: 'patchbay-call',
      exten: '79161234567',
      priority: '1',
      callerid: '+79161234567',
      async: 'true',
      timeout: '20000',
      channelid: `patchbay-${id}`,
      variable: '__PATCHBAY_CALLERID=101',
    });
  });

  it('reports the resulting call under the request’s own key', async () => {
    const fields = { Channel: 'PJSIP/101-00000001', Uniqueid: `patchbay-${id}`, Linkedid: `patchbay-${id}` };
    const dial = { DestChannel: fields.Channel, DestUniqueid: fields.Uniqueid, DestCallerIDNum: '+79161234567' };
    for (const [name, more] of [
      ['Newchannel', { ...fields, CallerIDNum: '101', Exten: 's' }],
      ['DialBegin', { ...dial, DialString: '101' }],
    ] as const)
      server.say(
        `${Object.entries({ Event: name, ...more })
          .map(([key, value]) => `${key}: ${value}\r\n`)
          .join('')}\r\n`,
      );
    await vi.waitFor(() => expect(context.events).toHaveLength(1), 20_000);
    expect(context.events[0]).toMatchObject({
      key: eventKey('pbx', `patchbay-${id}`),
      aliases: [outboundKey(id)],
      direction: 'outbound',
      party: { raw: '+79161234567' },
    });
  });

  it.each([
    ['Permission denied', 'write=originate'],
    ['Extension does not exist.', 'context patchbay-call'],
    ['Channel ID already in use', 'already in use'],
  ])('reports why the PBX refuses: %s', async (message, reason) => {
    server.answer = (action) => `Response: Error\r\nActionID: ${action.get('actionid')}\r\nMessage: ${message}\r\n\r\n`;
    const outcome = await connection.send(request);
    expect(outcome.kind).toBe('failed');
    expect('reason' in outcome && reasonText(outcome.reason)).toContain(reason);
  });

  it('is uncertain if the connection breaks before the response', async () => {
    server.answer = () => null;
    const sending = connection.send(request);
    await vi.waitFor(() => expect(asked()).toHaveLength(1), 20_000);
    server.cut();
    const outcome = await sending;
    expect(outcome.kind).toBe('uncertain');
    expect('reason' in outcome && isDoubtful(outcome.reason)).toBe(true);
    expect((await connection.confirm()).kind).toBe('uncertain');
  });

  it('waits a short time for an unavailable PBX', async () => {
    await connection.stop();
    expect(await connection.send(request)).toMatchObject({ kind: 'retry', after: 1000 });
    expect(asked()).toEqual([]);
  });

  it('reports that the phone was not answered, even if that arrives together with the response', async () => {
    server.answer = (action) =>
      success(action) +
      `Event: OriginateResponse\r\nPrivilege: call,all\r\nActionID: ${action.get('actionid')}\r\nResponse: Failure\r\n` +
      'Channel: PJSIP/101\r\nContext: patchbay-call\r\nExten: 79161234567\r\nReason: 0\r\nUniqueid: <unknown>\r\n\r\n';
    expect((await connection.send(request)).kind).toBe('sent');
    expect(context.events).toMatchObject([
      { kind: 'report', key: outboundKey(id), state: 'failed', problem: expect.stringContaining('telephone 101') },
    ]);
  });

  it.each(['101&102', '101/n', '101\r\nAction: Command', ''])('never rings %j', async (extension) => {
    const outcome = await connection.send({ ...request, content: { ...request.content, extension } });
    expect(outcome.kind).toBe('failed');
    expect(asked()).toEqual([]);
  });
});
