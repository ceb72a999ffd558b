import { application } from './applications.ts';
import { dialBegin, dialEnd } from './dial.ts';
import { newCallerId, newConnectedLine } from './identity.ts';
import { endServices, findTalks, joinQueue, leave, legFor, ring } from './legs.ts';
import { type Fields, type LiveCall, type LiveChannel, type LiveLeg, text } from './model.ts';
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
  ['VarSet', addRecording],
  ['QueueCallerJoin', onChannel('Uniqueid', ({ call }, fields, at) => joinQueue(call, text(fields, 'Queue'), at))],
  ['QueueCallerLeave', onChannel('Uniqueid', ({ call }, _fields, at) => endServices(call, ['queue'], at))],
  ['QueueCallerAbandon', onChannel('Uniqueid', ({ call }, _fields, at) => endQueue(call, 'cancelled', at))],
  ['AgentConnect', onChannel('Uniqueid', ({ call }, _fields, at) => endQueue(call, 'answered', at))],
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

function endQueue(call: LiveCall, outcome: LiveLeg['outcome'], at: number): void {
  const queue = call.legs.findLast((leg) => leg.kind === 'queue');
  if (queue === undefined) return;
  queue.outcome = outcome;
  queue.endedAt ??= at;
  call.dirty = true;
}

function addRecording({ table, flush }: Tracking, fields: Fields, at: number): void {
  if (text(fields, 'Variable') !== 'MIXMONITOR_FILENAME') return;
  const channel = table.channel(text(fields, 'Uniqueid'));
  const file = text(fields, 'Value');
  if (channel === undefined || file === '') return;
  const { call } = channel;
  if (call.recordings.some((recording) => recording.file === file)) return;
  const unknown = { path: null, leg: null, seconds: null, mime: null, bytes: null };
  call.recordings.push({ file, kind: 'call', state: 'pending', startedAt: at, ...unknown });
  call.dirty = true;
  flush(call, at);
}

function hangup({ table, flush }: Tracking, fields: Fields, at: number): void {
  const channel = table.channel(text(fields, 'Uniqueid'));
  if (channel === undefined) return;
  const { call } = channel;
  leave(channel, text(fields, 'Cause'), at);
  const rest = table.close(channel, at);
  flush(call, at);
  flush(rest, at);
}
