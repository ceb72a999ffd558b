import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AsteriskConnection } from '../../../src/connectors/asterisk/connection.ts';
import { asterisk } from '../../../src/connectors/asterisk/connector.ts';
import { eventKey, type InteractionId } from '../../../src/domain/base/ids.ts';
import { type CallCommand, callActions } from '../../../src/domain/call/call-command.ts';
import type { SendOutcome } from '../../../src/domain/outbound/outbound.ts';
import { reasonText } from '../../../src/domain/reasons/reasons.ts';
import { AmiTestServer, emptyLists } from '../../support/ami-server.ts';
import { asteriskConfig } from '../../support/asterisk-config.ts';
import { connectorContext, type RecordingContext } from '../../support/connector-context.ts';

const trunk = { Channel: 'PJSIP/trunk-00000001', Uniqueid: '1.1', Linkedid: '1.1' };
const phone = { Channel: 'PJSIP/101-00000002', Uniqueid: '1.2', Linkedid: '1.1' };

/** A command of 101, who talks or rings in the call. */
function command(change: Partial<CallCommand>): CallCommand {
  return {
    action: 'hang_up',
    interaction: '019abcde-0000-7000-8000-00000000000a' as InteractionId,
    call: [eventKey('pbx', '1.1')],
    end: { extension: '101', phone: null },
    to: null,
    extension: null,
    ...change,
  };
}

describe('call control', () => {
  let server: AmiTestServer;
  let context: RecordingContext;
  let connection: AsteriskConnection;

  beforeEach(async () => {
    server = new AmiTestServer();
    server.answer = emptyLists;
    context = connectorContext('pbx');
    await open({ context: 'from-internal' });
    await vi.waitFor(() => expect(context.states).toContain('ready'), 20_000);
    say('Newchannel', { ...trunk, CallerIDNum: '79161234567', Exten: '74951234567' });
    say('Newchannel', { ...phone, Exten: 's' });
    say('DialBegin', { ...trunk, DestChannel: phone.Channel, DestUniqueid: phone.Uniqueid });
    await vi.waitFor(() => expect(context.events.at(-1)).toMatchObject({ legs: [{ extension: '101' }] }), 20_000);
  });
  afterEach(async () => {
    await connection.stop();
    await server.close();
  });

  async function open(callControl?: { context: string }): Promise<void> {
    connection = new AsteriskConnection(
      asteriskConfig({
        ...(callControl !== undefined && { callControl }),
        ami: { host: '127.0.0.1', port: await server.listen(), username: 'pb', secret: 'pb', tls: false },
        extensions: '^10\\d$',
      }),
      context,
    );
    await connection.start();
  }

  function say(name: string, fields: Readonly<Record<string, string>>): void {
    const lines = Object.entries({ Event: name, ...fields }).map(([key, value]) => `${key}: ${value}\r\n`);
    server.say(`${lines.join('')}\r\n`);
  }

  async function talk(): Promise<void> {
    for (const channel of [trunk, phone]) say('BridgeEnter', { ...channel, BridgeUniqueid: 'b1' });
    await vi.waitFor(() => expect(context.events.at(-1)).toMatchObject({ state: 'talking' }), 20_000);
  }

  const sent = (action: string) =>
    server.actions.filter((one) => one.get('action') === action).map((one) => Object.fromEntries(one));
  const whyOf = (outcome: SendOutcome) => ('reason' in outcome ? outcome.reason.code : outcome.kind);

  it('hangs up one telephone, or the whole call', async () => {
    expect(whyOf(await connection.control(command({})))).toBe('sent');
    expect(whyOf(await connection.control(command({ end: null })))).toBe('sent');
    expect(sent('Hangup')).toMatchObject([
      { channel: phone.Channel, cause: '16' },
      { channel: trunk.Channel, cause: '16' },
    ]);
  });

  it('transfers the call of the telephone that talks', async () => {
    await talk();
    const outcome = await connection.control(command({ action: 'blind_transfer', to: '102' }));
    expect(whyOf(outcome)).toBe('sent');
    expect(sent('BlindTransfer')).toMatchObject([{ channel: phone.Channel, exten: '102', context: 'from-internal' }]);
  });

  it('passes a ringing call on by redirecting the party, and only while it rings', async () => {
    const onTo102 = command({ action: 'pass_on', to: '102' });
    expect(whyOf(await connection.control(onTo102))).toBe('sent');
    expect(sent('Redirect')).toMatchObject([
      { channel: trunk.Channel, exten: '102', context: 'from-internal', priority: '1' },
    ]);
    await talk();
    expect(whyOf(await connection.control(onTo102))).toBe('notRinging');
  });

  it('passes on a call that was declined, once nobody is rung any more', async () => {
    const declined = command({ action: 'pass_on', end: null, to: '102' });
    expect(whyOf(await connection.control(declined))).toBe('ringsElsewhere');
    say('Hangup', { ...phone, Cause: '21' });
    await vi.waitFor(() => expect(context.events.at(-1)).toMatchObject({ legs: [{ outcome: 'rejected' }] }), 20_000);
    expect(whyOf(await connection.control(declined))).toBe('sent');
    expect(sent('Redirect')).toMatchObject([{ channel: trunk.Channel, exten: '102', context: 'from-internal' }]);
  });

  it('offers what needs a context for transfers only with one', () => {
    const offered = (config: object) => asterisk.controls?.(asteriskConfig(config)) ?? [];
    const all = offered({ callControl: { context: 'from-internal' } });
    expect(all).toEqual([...callActions]);
    expect(all.filter((action) => !offered({}).includes(action))).toEqual([
      'blind_transfer',
      'attended_transfer',
      'pass_on',
    ]);
  });

  it('reports an attended transfer as done once the PBX dials the colleague', async () => {
    await talk();
    const outcome = connection.control(command({ action: 'attended_transfer', to: '102' }));
    await vi.waitFor(() => expect(sent('Atxfer')).toHaveLength(1), 20_000);
    say('Newchannel', { Channel: 'Local/102@from-internal-00000001;1', Uniqueid: '1.3', Linkedid: '1.1' });
    expect(whyOf(await outcome)).toBe('sent');
    expect(sent('Atxfer')).toMatchObject([{ channel: phone.Channel, exten: '102', context: 'from-internal' }]);
  });

  it('cancels an attended transfer, and completes it by hanging up', async () => {
    await talk();
    await connection.control(command({ action: 'cancel_transfer' }));
    await connection.control(command({ action: 'complete_transfer' }));
    expect(sent('CancelAtxfer')).toMatchObject([{ channel: phone.Channel }]);
    expect(sent('Hangup')).toMatchObject([{ channel: phone.Channel }]);
  });

  it('parks the party, to return to the telephone that parked it', async () => {
    await talk();
    expect(whyOf(await connection.control(command({ action: 'park' })))).toBe('sent');
    expect(sent('Park')).toMatchObject([{ channel: trunk.Channel, timeoutchannel: phone.Channel }]);
  });

  it('picks up the ringing channel with the telephone of the requester', async () => {
    expect(whyOf(await connection.control(command({ action: 'pick_up', extension: '102' })))).toBe('sent');
    expect(sent('Originate')).toMatchObject([
      { channel: 'PJSIP/102', application: 'PickupChan', data: phone.Channel, async: 'true' },
    ]);
  });

  it.each([
    ['listen', ',qES'],
    ['whisper', ',qESw'],
  ] as const)('lets a supervisor %s, for as long as the call lasts', async (action, options) => {
    await talk();
    expect(whyOf(await connection.control(command({ action, extension: '103' })))).toBe('sent');
    expect(sent('Originate')).toMatchObject([
      { channel: 'PJSIP/103', application: 'ChanSpy', data: `${phone.Channel}${options}` },
    ]);
    // The caller id is an extension: with the client's number it would look like a call to the client.
    expect(sent('Originate')[0]?.callerid).toBe('101');
  });

  it.each([
    ['a call that is not under way', { call: [eventKey('pbx', '9.9')] }, 'callOver'],
    ['a call of another connection', { call: [eventKey('other', '1.1')] }, 'callOver'],
    ['a telephone that is not in the call', { end: { extension: '102', phone: null } }, 'legOver'],
    ['a transfer while it rings', { action: 'blind_transfer', to: '102' }, 'notTalking'],
    ['parking while it rings', { action: 'park' }, 'notTalking'],
  ] as const)('refuses %s, and asks nothing of the PBX', async (_name, change, code) => {
    const before = server.actions.length;
    expect(whyOf(await connection.control(command(change)))).toBe(code);
    expect(server.actions).toHaveLength(before);
  });

  it('refuses to pick up what no longer rings, and a target that is no extension', async () => {
    await talk();
    expect(whyOf(await connection.control(command({ action: 'pick_up', extension: '102' })))).toBe('notRinging');
    const odd = command({ action: 'blind_transfer', to: '102@evil' });
    expect(whyOf(await connection.control(odd))).toBe('callerWithoutExtension');
    expect([...sent('Originate'), ...sent('BlindTransfer')]).toEqual([]);
  });

  it.each([
    ['Permission denied', 'commandForbidden'],
    ['Invalid/unknown command: CancelAtxfer. Use Action: ListCommands to show available commands.', 'commandUnknown'],
    ['No such channel', 'legOver'],
    ['Transfer failed', 'transferRefused'],
    ['Something new', 'commandRefused'],
  ])('says what the PBX means by "%s"', async (message, code) => {
    await talk();
    server.answer = (action) => `Response: Error\r\nActionID: ${action.get('actionid')}\r\nMessage: ${message}\r\n\r\n`;
    const outcome = await connection.control(command({ action: 'cancel_transfer' }));
    expect(outcome.kind).toBe('failed');
    expect(whyOf(outcome)).toBe(code);
  });

  it('is uncertain if the connection breaks before the answer, and retries if nothing was sent', async () => {
    server.answer = () => null;
    const outcome = connection.control(command({}));
    await vi.waitFor(() => expect(sent('Hangup')).toHaveLength(1), 20_000);
    server.cut();
    expect((await outcome).kind).toBe('uncertain');
    const retry = await connection.control(command({}));
    expect(retry.kind).toBe('retry');
    expect('reason' in retry && reasonText(retry.reason)).toContain('no connection to the PBX');
  });
});
