import type { CallTable } from './call-table.ts';
import { application, dialled, endServices, findTalks, joinQueue, leave, legFor, ring } from './legs.ts';
import {
  type CallTrackerOptions,
  type Fields,
  isWithheld,
  type LiveCall,
  type LiveChannel,
  type LiveLeg,
  text,
} from './model.ts';
import { attendedTransfer, blindTransfer, parked, parkReturned, pickedUp, unparked } from './transfers.ts';

/** Context of the event handlers. */
export interface Tracking {
  readonly table: CallTable;
  readonly options: CallTrackerOptions;
  /** Reports a call if it has changed. */
  flush(call: LiveCall | null, at: number): void;
}

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
  ['Newexten', onChannel('Uniqueid', application)],
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
  if (text(fields, 'ChannelState') === '5' && leg !== null) ring(leg, call, at);
}

function enterBridge(channel: LiveChannel, fields: Fields, at: number): void {
  const bridge = text(fields, 'BridgeUniqueid');
  if (bridge === '') return;
  channel.bridge = bridge;
  if (channel.kind === 'trunk' && !channel.call.parties.has(channel))
    legFor(channel, text(fields, 'CallerIDNum') || null);
  if (channel.leg !== null) channel.leg.answered = true;
  findTalks(channel.call, at);
}

function leaveBridge(channel: LiveChannel, fields: Fields): void {
  if (channel.bridge === text(fields, 'BridgeUniqueid')) channel.bridge = null;
}

function mergeBridges({ table, flush }: Tracking, fields: Fields, at: number): void {
  const from = text(fields, 'FromBridgeUniqueid');
  const to = text(fields, 'ToBridgeUniqueid');
  if (from === '' || to === '') return;
  for (const call of table.calls()) {
    for (const channel of call.channels.values()) if (channel.bridge === from) channel.bridge = to;
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

function dialBegin(tracking: Tracking, fields: Fields, at: number): void {
  const { table, options, flush } = tracking;
  const target = table.channel(text(fields, 'DestUniqueid'));
  if (target === undefined) return;
  const source = table.channel(text(fields, 'Uniqueid')) ?? unseenCaller(table, target, fields, at);
  if (source !== undefined && source.call !== target.call) table.union(source.call, target.call);
  const { call } = target;
  const number = text(fields, 'DestCallerIDNum');
  if (source === undefined) {
    // A dial without a source channel is an Originate. Its caller id is the number that the manager will be connected with.
    const outside = !isWithheld(number) && !options.endpoints.isExtension(number);
    if (outside && !call.settled && call.direction !== 'inbound') {
      Object.assign(call, { direction: 'outbound', settled: true, party: number, dirty: true });
    }
  }
  if (target.kind === 'trunk') {
    const dialledNumber = number || (text(fields, 'DialString').split('@', 1)[0] ?? '');
    if (call.parties.has(target)) {
      if (call.party === '') call.party = dialledNumber;
      const shown = text(fields, 'CallerIDNum');
      call.dialled ??= shown !== '' && !options.endpoints.isExtension(shown) ? shown : target.end;
      call.dirty = true;
    } else ring(legFor(target, dialledNumber || null), call, at);
  } else if (target.leg !== null) {
    ring(target.leg, call, at);
    if (source !== undefined && !call.settled && call.direction === 'internal') call.settled = true;
  }
  flush(call, at);
}

/** Adds the dialling channel from the event, if it was created before we listened. Undefined if there is none. */
function unseenCaller(table: CallTable, target: LiveChannel, fields: Fields, at: number): LiveChannel | undefined {
  if (target.call.gone.has(text(fields, 'Uniqueid'))) return undefined;
  const call = table.open(fields, at);
  if (call !== null) call.reconstructed = true;
  return table.channel(text(fields, 'Uniqueid'));
}

function dialEnd(channel: LiveChannel, fields: Fields, _at: number, { table }: Tracking): void {
  const status = text(fields, 'DialStatus');
  const source = table.channel(text(fields, 'Uniqueid'));
  if (source !== undefined && source.call !== channel.call) table.union(source.call, channel.call);
  if (channel.leg !== null) dialled(channel.leg, channel.call, status);
  else if (channel.call.parties.has(channel)) channel.call.partyStatus = status;
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
