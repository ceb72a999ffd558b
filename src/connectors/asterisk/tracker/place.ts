import { legFor } from './legs.ts';
import { type CallTrackerOptions, type Fields, isWithheld, type LiveChannel, text } from './model.ts';

type IsExtension = CallTrackerOptions['isExtension'];

/** Finds a new channel's part: outside party, leg of ours, or wire; the first real one says the direction. */
export function placeChannel(channel: LiveChannel, fields: Fields, { isExtension }: CallTrackerOptions): void {
  const { call, kind } = channel;
  const exten = text(fields, 'Exten');
  if (kind !== 'local' && call.direction === null && isOrphan(channel)) called(channel, fields, isExtension);
  else if (kind === 'trunk') {
    if (call.direction === null) inbound(channel, fields, exten);
    else if (call.direction === 'outbound' && !call.legs.some((leg) => leg.talkedAt !== null)) {
      call.parties.add(channel);
      call.settled = true;
      call.dirty = true;
    }
  } else if (kind === 'extension') {
    legFor(channel, null);
    if (call.direction !== null) return;
    const internal = exten !== '' && isExtension(exten);
    call.direction = internal ? 'internal' : 'outbound';
    call.party = exten === 's' ? '' : exten;
  }
}

/** A channel that somebody called (the linkedid is another's) while nothing is known of who did. */
function isOrphan({ id, linkedid, call }: LiveChannel): boolean {
  return linkedid !== id && call.channels.size === 1 && call.gone.size === 0;
}

/**
 * The called end of a call whose caller was not seen. Its `Exten` is what the caller dialled (`Dial` copies it), and
 * who called is only in its connected line; without that the direction stays open until more is heard.
 */
function called(channel: LiveChannel, fields: Fields, isExtension: IsExtension): void {
  const { call, kind } = channel;
  const caller = text(fields, 'ConnectedLineNum');
  if (kind === 'extension') legFor(channel, null);
  if (caller === '') return;
  const fromUs = isExtension(caller);
  if (kind === 'extension') {
    const party = fromUs ? channel.end : caller;
    Object.assign(call, { direction: fromUs ? 'internal' : 'inbound', settled: true, party, dirty: true });
  } else if (fromUs) {
    const party = text(fields, 'CallerIDNum');
    Object.assign(call, { direction: 'outbound', settled: true, party, dirty: true });
    call.parties.add(channel);
  }
}

function inbound(channel: LiveChannel, fields: Fields, exten: string): void {
  const { call } = channel;
  const number = text(fields, 'CallerIDNum');
  call.direction = 'inbound';
  call.settled = true;
  call.parties.add(channel);
  call.withheld = isWithheld(number);
  call.party = call.withheld ? '' : number;
  call.partyName = text(fields, 'CallerIDName') || null;
  call.dialled = exten === '' || exten === 's' ? null : exten;
  call.dirty = true;
}
