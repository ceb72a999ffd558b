import type { Endpoints } from '../endpoints/endpoints.ts';
import { legFor } from './legs.ts';
import {
  type CallTrackerOptions,
  callerName,
  type Fields,
  isWithheld,
  type LiveCall,
  type LiveChannel,
  text,
} from './model.ts';

/** Determines the role of a new channel: outside party, leg of ours, or connecting channel. The first real one sets the direction. */
export function placeChannel(channel: LiveChannel, fields: Fields, options: CallTrackerOptions): void {
  const { endpoints } = options;
  const { call, kind } = channel;
  const exten = text(fields, 'Exten');
  if (kind !== 'local' && call.direction === null && isOrphan(channel)) called(channel, fields, endpoints);
  else if (kind === 'trunk') {
    if (call.direction === null && isColleague(fields, exten, endpoints)) {
      Object.assign(channel, { kind: 'extension', end: text(fields, 'CallerIDNum') });
      placeChannel(channel, fields, options);
    } else if (call.direction === null) inbound(channel, fields, exten);
    else if (call.direction === 'outbound' && !hasClient(call)) {
      call.parties.add(channel);
      call.settled = true;
      call.dirty = true;
    }
  } else if (kind === 'extension') {
    legFor(channel, null);
    if (call.direction !== null) return;
    const internal = exten !== '' && endpoints.isExtension(exten);
    call.direction = internal ? 'internal' : 'outbound';
    call.party = exten === 's' ? '' : exten;
  }
}

/** Whether the client of an outbound call has answered. Who is dialled then is one of us. */
function hasClient({ legs, parties }: LiveCall): boolean {
  return legs.some((leg) => leg.talkedAt !== null) || [...parties].some((party) => party.bridge !== null);
}

/** Whether a colleague of another office calls by the trunk between the offices. */
function isColleague(fields: Fields, exten: string, endpoints: Endpoints): boolean {
  return (
    endpoints.isExtension(text(fields, 'CallerIDNum')) &&
    (exten === '' || exten === 's' || endpoints.isExtension(exten))
  );
}

/** Whether a channel was dialled by a channel that was not seen: its linkedid is that of another channel. */
function isOrphan({ id, linkedid, call }: LiveChannel): boolean {
  return linkedid !== id && call.channels.size === 1 && call.gone.size === 0;
}

/**
 * Handles the called channel of a call whose caller was not seen. Its `Exten` is what the caller dialled, as `Dial` copies it.
 * The caller is only in its connected line; without that, the direction remains open until further events.
 */
function called(channel: LiveChannel, fields: Fields, endpoints: Endpoints): void {
  const { call, kind } = channel;
  const caller = text(fields, 'ConnectedLineNum');
  if (kind === 'extension') legFor(channel, null);
  if (caller === '') return;
  const fromUs = endpoints.isExtension(caller);
  if (kind === 'extension') {
    const party = fromUs ? channel.end : caller;
    Object.assign(call, { direction: fromUs ? 'internal' : 'inbound', settled: true, party, dirty: true });
  } else if (fromUs) {
    const party = text(fields, 'CallerIDNum');
    Object.assign(call, { direction: 'outbound', settled: true, party, dirty: true });
    call.parties.add(channel);
  }
}

/** Whether a channel calls us: `Ring`, or in a list of channels, in an application of the dialplan. */
function isRinging(fields: Fields): boolean {
  const app = text(fields, 'Application');
  return text(fields, 'ChannelState') === '4' || (app !== '' && app !== 'AppDial2');
}

function inbound(channel: LiveChannel, fields: Fields, exten: string): void {
  const { call } = channel;
  const number = text(fields, 'CallerIDNum');
  call.direction = 'inbound';
  // An originated trunk looks like a caller without numbers, until further events tell.
  call.settled = number !== '' || (exten !== '' && exten !== 's') || isRinging(fields);
  call.parties.add(channel);
  call.withheld = isWithheld(number);
  call.party = call.withheld ? '' : number;
  call.partyName = callerName(text(fields, 'CallerIDName'));
  call.dialled = exten === '' || exten === 's' ? null : exten;
  call.dirty = true;
}
