import type { CallResultReason } from '../../../domain/call/call-result.ts';
import { type Interaction, isLive } from '../../../domain/interaction/interaction.ts';
import { bestRecording } from '../../shared/best-recording.ts';
import { isOurs } from '../../shared/our-legs.ts';
import type { Extensions } from './extensions.ts';
import { type EventType, eventStep, historyStep, type Told } from './told.ts';

/** One message that the CRM is owed. `step` is its name in the ledger. */
export type CallMessage = EventMessage | HistoryMessage;

/** `cmd=event` */
export interface EventMessage {
  readonly kind: 'event';
  readonly step: string;
  readonly type: EventType;
  readonly extension: string;
}

/** `cmd=history` */
export interface HistoryMessage {
  readonly kind: 'history';
  readonly step: string;
  readonly status: HistoryStatus;
  readonly extension: string;
  /** Talk time. */
  readonly seconds: number;
  /** Address of the recording, or null. */
  readonly link: string | null;
}

export type HistoryStatus = 'Success' | 'Missed' | 'Cancel' | 'Busy' | 'NotAvailable' | 'NotAllowed' | 'NotFound';

/** `status` of an outbound call that nobody answered. */
const statuses: Readonly<Record<CallResultReason, HistoryStatus>> = {
  busy: 'Busy',
  no_answer: 'Cancel',
  rejected: 'Cancel',
  wrong_number: 'NotFound',
  congestion: 'NotAvailable',
  unavailable: 'NotAvailable',
  cancelled: 'Cancel',
  failed: 'NotAllowed',
};

/**
 * The messages that are owed for the latest state of a call, in their order. The CRM makes its entry at the first event,
 * so that one always precedes the history. Telephones that stop ringing are not cancelled one by one: the CRM would take
 * the whole call for a missed one.
 */
export function owedMessages(call: Interaction, extensions: Extensions, told: Told): readonly CallMessage[] {
  const owed = messagesOf(call, extensions, told);
  return owed.filter(({ step }) => !told.steps.has(step));
}

function messagesOf(call: Interaction, extensions: Extensions, told: Told): readonly CallMessage[] {
  if (call.mergedInto !== null) return merged(told);
  if (isLive(call.state)) return progress(call, extensions);
  const hasEnded = call.state === 'answered' || call.state === 'missed' || call.state === 'unanswered';
  // A call that the PBX did not even accept is none, unless the CRM waits for it.
  const wasMade = call.legs.length > 0 || told.tried !== null || told.clicked !== null;
  return hasEnded || (call.state === 'failed' && wasMade) ? end(call, extensions, told) : [];
}

/** Another interaction reports this call; what the CRM knows of it is closed, without a miss. */
function merged({ tried, isOver }: Told): readonly CallMessage[] {
  return tried === null || isOver ? [] : [event('COMPLETED', tried)];
}

function progress(call: Interaction, extensions: Extensions): readonly CallMessage[] {
  return [...beginnings(call, extensions), ...talks(call, extensions)];
}

/** Who rings or talks; of a call to the outside, who made it. The client's responsible comes first: the call becomes theirs. */
function beginnings(call: Interaction, extensions: Extensions): readonly CallMessage[] {
  const ours = call.legs.filter(
    (leg) => isOurs(call, leg) && (leg.talkedAt !== null || (leg.outcome === null && leg.endedAt === null)),
  );
  if (call.direction !== 'inbound') {
    const [maker] = distinct(ours.map((leg) => extensions.ofLeg(call, leg)));
    return maker === undefined ? [] : [event('OUTGOING', maker)];
  }
  const rang = ours.filter(({ rangAt, talkedAt }) => rangAt !== null || talkedAt !== null);
  const isResponsible = (id: string | undefined) => id !== undefined && id === call.responsible?.id;
  const sorted = rang.toSorted((a, b) => Number(isResponsible(b.manager?.id)) - Number(isResponsible(a.manager?.id)));
  return distinct(sorted.map((leg) => extensions.ofLeg(call, leg))).map((extension) => event('INCOMING', extension));
}

/** Who talked, and who passed the call on, in their order. */
function talks(call: Interaction, extensions: Extensions): readonly EventMessage[] {
  const accepted = call.legs.flatMap((leg) => {
    const extension = leg.talkedAt === null ? null : extensions.ofLeg(call, leg);
    return extension === null ? [] : [{ at: leg.talkedAt ?? '', message: event('ACCEPTED', extension) }];
  });
  const transferred = call.transfers.flatMap(({ from, outcome, at }) => {
    const extension = from.extension === null || outcome !== 'done' ? null : extensions.ofEnd(from);
    return extension === null ? [] : [{ at, message: event('TRANSFERRED', extension) }];
  });
  return [...transferred, ...accepted]
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ message }) => message);
}

function end(call: Interaction, extensions: Extensions, told: Told): readonly CallMessage[] {
  const talked = talks(call, extensions);
  const last = talked.findLast(({ type }) => type === 'ACCEPTED');
  const extension = last?.extension ?? told.clicked ?? extensions.ofOwner(call);
  // Nobody has to call a fax machine back.
  const isDone = call.state === 'answered' || call.automatic !== null;
  const first = told.tried ?? talked[0]?.extension ?? extension;
  const begin = event(call.direction === 'inbound' ? 'INCOMING' : 'OUTGOING', first);
  const recording = bestRecording(call, null);
  const events = [
    ...(told.begun === null ? [begin] : []),
    ...talked,
    ...(told.isOver ? [] : [event(isDone ? 'COMPLETED' : 'CANCELLED', extension)]),
  ];
  // A recording that was removed later takes nothing back.
  if (told.hasHistory && recording === null) return events;
  return [
    ...events,
    {
      kind: 'history',
      step: historyStep(recording?.id ?? null),
      status: isDone ? 'Success' : statusOf(call),
      extension,
      seconds: call.state === 'answered' ? Math.max(1, call.talkSeconds ?? 0) : 0,
      link: recording?.url ?? null,
    },
  ];
}

function statusOf({ direction, result }: Interaction): HistoryStatus {
  if (direction === 'inbound') return 'Missed';
  return result === null ? 'Cancel' : statuses[result.reason];
}

function event(type: EventType, extension: string): EventMessage {
  return { kind: 'event', step: eventStep(type, extension), type, extension };
}

function distinct(extensions: readonly (string | null)[]): readonly string[] {
  return [...new Set(extensions.filter((one) => one !== null))];
}
