import type { CallRecording } from '../../../domain/interaction/contact-event.ts';
import { application } from './applications.ts';
import { dialBegin, dialEnd } from './dial.ts';
import { hold, musicStarts, musicStops, unhold } from './holds.ts';
import { lateLine, newCallerId, newConnectedLine } from './identity.ts';
import { findTalks, leave, legFor, ring } from './legs.ts';
import { type Fields, type LiveChannel, text } from './model.ts';
import { queueEnded, queueJoined, queueLeft, queueStatus } from './queues.ts';
import type { Tracking } from './tracking.ts';
import { attendedTransfer, blindTransfer, parked, parkReturned, pickedUp, unparked } from './transfers.ts';

type Handle = (tracking: Tracking, fields: Fields, at: number) => void;
type OnChannel = (channel: LiveChannel, fields: Fields, at: number, tracking: Tracking) => void;

/** Handles an event about one channel, whose unique id is in `field`. Events of unknown channels are ignored. */
function onChannel(field: string, change: OnChannel): Handle {
  return (tracking, fields, at) => {
    const channel = tracking.table.channel(text(fields, field));
    if (channel === undefined) return;
    change(channel, fields, at, tracking);
    tracking.flush(channel.call, at);
  };
}

/** Like {@link onChannel}, for an event that also contains the current linkedid of the channel. */
function onLinkedChannel(change: OnChannel): Handle {
  return onChannel('Uniqueid', (channel, fields, at, tracking) => {
    const linkedid = text(fields, 'Linkedid');
    if (linkedid !== '' && linkedid !== channel.linkedid) tracking.table.relink(channel, linkedid);
    change(channel, fields, at, tracking);
  });
}

/** Handles an event of MeetMe, which mixes without a bridge: its room counts as one, by the same rules. */
function inRoom(change: OnChannel): Handle {
  return onLinkedChannel((channel, fields, at, tracking) =>
    change(channel, { ...fields, BridgeUniqueid: roomOf(fields) }, at, tracking),
  );
}

function roomOf(fields: Fields): string {
  return `meetme/${text(fields, 'Meetme')}`;
}

/** Handlers of all events from which calls are tracked. Other than these, only events of devices and Originates are requested. */
export const trackedEvents: ReadonlyMap<string, Handle> = new Map([
  ['Newchannel', (tracking, fields, at) => tracking.flush(tracking.table.open(fields, at), at)],
  ['Newstate', onLinkedChannel(newState)],
  ['Newexten', onChannel('Uniqueid', (channel, fields, at, { options }) => application(channel, fields, at, options))],
  ['NewCallerid', onChannel('Uniqueid', (channel, fields, _at, { options }) => newCallerId(channel, fields, options))],
  [
    'NewConnectedLine',
    onChannel('Uniqueid', (channel, fields, _at, { options }) => newConnectedLine(channel, fields, options)),
  ],
  ['Hangup', hangup],
  ['DialBegin', dialBegin],
  ['DialEnd', onChannel('DestUniqueid', dialEnd)],
  ['BridgeEnter', onLinkedChannel(enterBridge)],
  ['BridgeLeave', onLinkedChannel(leaveBridge)],
  ['BridgeMerge', mergeBridges],
  ['MeetmeJoin', inRoom(enterBridge)],
  ['MeetmeLeave', inRoom(leaveBridge)],
  ['MeetmeEnd', ({ table }, fields) => table.emptyBridge(roomOf(fields))],
  ['VarSet', variable],
  ['QueueCallerJoin', onChannel('Uniqueid', queueJoined)],
  ['QueueCallerLeave', onChannel('Uniqueid', (channel, _fields, at) => queueLeft(channel, at))],
  ['QueueCallerAbandon', onChannel('Uniqueid', (channel, _fields, at) => queueEnded(channel, 'abandoned', at))],
  ['AgentConnect', onChannel('Uniqueid', (channel, _fields, at) => queueEnded(channel, 'answered', at))],
  ['Hold', onChannel('Uniqueid', (channel, _fields, at) => hold(channel, at))],
  ['Unhold', onChannel('Uniqueid', unhold)],
  ['MusicOnHoldStart', onChannel('Uniqueid', (channel, _fields, at) => musicStarts(channel, at))],
  ['MusicOnHoldStop', onChannel('Uniqueid', musicStops)],
  [
    'BlindTransfer',
    onChannel('TransfererUniqueid', (channel, fields, at, { options }) =>
      blindTransfer(channel, fields, options.endpoints, at),
    ),
  ],
  [
    'AttendedTransfer',
    onChannel('OrigTransfererUniqueid', (channel, fields, at, { table }) =>
      attendedTransfer(table, channel, fields, at),
    ),
  ],
  ['Pickup', onChannel('Uniqueid', (channel, fields, at, { table }) => pickedUp(table, channel, fields, at))],
  [
    'ParkedCall',
    onChannel('ParkeeUniqueid', (channel, fields, at, { options }) => parked(channel, fields, options.endpoints, at)),
  ],
  ['UnParkedCall', onChannel('ParkeeUniqueid', (channel, fields, _at, { table }) => unparked(table, channel, fields))],
  ['ParkedCallTimeOut', onChannel('ParkeeUniqueid', parkReturned)],
] satisfies [string, Handle][]);

function newState({ call, leg }: LiveChannel, fields: Fields, at: number): void {
  const state = text(fields, 'ChannelState');
  if (state === '5' && leg !== null) ring(leg, call, at);
  // Only a channel that comes from outside rings us (`Ring`); one that we originate is ringing (`Ringing`).
  if (state === '4' && call.direction === 'inbound' && !call.settled)
    Object.assign(call, { settled: true, dirty: true });
}

function enterBridge(channel: LiveChannel, fields: Fields, at: number, { table }: Tracking): void {
  const bridge = text(fields, 'BridgeUniqueid');
  if (bridge === '') return;
  const other = table.join(channel, bridge);
  // People of several calls meet in a conference without a transfer. Those who are on hold or parked do not meet.
  if (!HOLDING.test(`${text(fields, 'BridgeType')} ${text(fields, 'BridgeTechnology')}`)) {
    if (other !== undefined && other.call !== channel.call) {
      channel.call.isConference = true;
      table.union(other.call, channel.call);
    }
  }
  if (channel.kind === 'trunk' && !channel.call.parties.has(channel))
    legFor(channel, text(fields, 'CallerIDNum') || null);
  if (channel.leg !== null) Object.assign(channel.leg, { answered: true, bridged: true });
  findTalks(channel.call, at);
}

const HOLDING = /holding|parking/i;

function leaveBridge(channel: LiveChannel, fields: Fields, _at: number, { table }: Tracking): void {
  if (channel.bridge === text(fields, 'BridgeUniqueid')) table.part(channel);
}

function mergeBridges({ table, flush }: Tracking, fields: Fields, at: number): void {
  const from = text(fields, 'FromBridgeUniqueid');
  const to = text(fields, 'ToBridgeUniqueid');
  if (from === '' || to === '') return;
  for (const call of table.mergeBridges(from, to)) {
    findTalks(call, at);
    flush(call, at);
  }
}

function variable(tracking: Tracking, fields: Fields, at: number): void {
  const name = text(fields, 'Variable');
  if (name === 'QUEUESTATUS') onStatus(tracking, fields, at);
  else if (didVariables.test(name)) onDid(tracking, fields, at);
  else addRecording(tracking, fields, at);
}

/** Variables in which FreePBX's dialplan, and those made after it, keep the number that the client dialled. */
const didVariables = /^_{0,2}FROM_?DID$/;
const onDid = onChannel('Uniqueid', (channel, fields, _at, { options }) => {
  const did = text(fields, 'Value');
  if (channel.call.direction === 'inbound' && channel.call.parties.has(channel) && /^\+?\d{1,20}$/.test(did))
    lateLine(channel, did, options);
});
const onStatus = onChannel('Uniqueid', (channel, fields) => queueStatus(channel, text(fields, 'Value')));

/** Variables that name a sound of the call. VoiceMail sets its own once a message is stored. */
const soundVariables: Readonly<Record<string, CallRecording['kind']>> = {
  MIXMONITOR_FILENAME: 'call',
  VM_MESSAGEFILE: 'voicemail',
};

function addRecording({ table, flush }: Tracking, fields: Fields, at: number): void {
  const kind = soundVariables[text(fields, 'Variable')];
  if (kind === undefined) return;
  const channel = table.channel(text(fields, 'Uniqueid'));
  const file = text(fields, 'Value');
  if (channel === undefined || file === '') return;
  const { call } = channel;
  if (call.recordings.some((recording) => recording.file === file)) return;
  const box = kind === 'voicemail' ? call.legs.findLastIndex((leg) => leg.kind === 'voicemail') : -1;
  const unknown = { path: null, leg: box < 0 ? null : box, seconds: null, mime: null, bytes: null };
  call.recordings.push({ file, kind, state: 'pending', startedAt: at, ...unknown });
  call.dirty = true;
  flush(call, at);
}

function hangup({ table, flush }: Tracking, fields: Fields, at: number): void {
  const channel = table.channel(text(fields, 'Uniqueid'));
  if (channel === undefined) return;
  const { call } = channel;
  const cause = Number.parseInt(text(fields, 'Cause'), 10);
  if (call.parties.has(channel) && Number.isSafeInteger(cause)) call.partyCause = cause;
  leave(channel, text(fields, 'Cause'), at);
  const rest = table.close(channel, at);
  flush(call, at);
  flush(rest, at);
}
