import type { EventKey } from '../../../domain/base/ids.ts';
import type { LegOutcome, QueueLeft } from '../../../domain/call/call-result.ts';
import type { CallRecording, CallTransfer } from '../../../domain/interaction/contact-event.ts';
import type { Direction, LegKind } from '../../../domain/interaction/interaction.ts';
import type { EndpointKind, Endpoints } from '../endpoints/endpoints.ts';

/** Header values of an AMI event by name, as in `AmiMessage.fields`. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Options of the tracker: properties of the PBX, and limits. */
export interface CallTrackerOptions {
  /** Name of the connection, the first part of every key. */
  readonly connection: string;
  /** What each channel and device is. */
  readonly endpoints: Endpoints;
  /** Whether a dialled number is one of our lines. */
  readonly isLine: (number: string) => boolean;
  /** Milliseconds for which ended calls are remembered, so that late events don't revive them. */
  readonly lingerMs: number;
  /** Limit of calls in memory. New calls beyond it are not tracked. */
  readonly maxCalls: number;
  /** Called when a call has only changes that can wait. The owner calls `tellLate` a moment later. */
  readonly onLate?: () => void;
}

/** A live channel. */
export interface LiveChannel {
  readonly id: string;
  kind: EndpointKind;
  /** The extension, or the name of the endpoint that is none of ours. */
  end: string;
  /** Whether the kind is certain, see {@link Endpoint}. */
  certain: boolean;
  name: string;
  linkedid: string;
  call: LiveCall;
  bridge: string | null;
  leg: LiveLeg | null;
}

/** A leg of a tracked call. `channels` are the live channels of its devices. */
export interface LiveLeg {
  kind: LegKind;
  extension: string | null;
  phone: string | null;
  rangAt: number | null;
  lastRangAt: number | null;
  /** How often the phone rang. Attempts without a talk fold into one leg. */
  rings: number;
  talkedAt: number | null;
  endedAt: number | null;
  outcome: LegOutcome | null;
  heldAt: number | null;
  /** For a queue: the place when joining, and how the party left. */
  position: number | null;
  left: QueueLeft | null;
  /** Whether the PBX reported that the party left the queue. Why may follow. */
  hasLeft: boolean;
  /** Whether the phone was picked up, even if the outside party was not connected yet. */
  answered: boolean;
  /** Whether the phone was in a bridge. One that was only asked to confirm the call was not. */
  bridged: boolean;
  /** Whether the phone is tried once more and has not rung yet. */
  rangAgain: boolean;
  readonly channels: Set<LiveChannel>;
}

/** A call in the tracker. */
export interface LiveCall {
  readonly key: EventKey;
  readonly linkedids: Set<string>;
  readonly aliases: Set<EventKey>;
  readonly channels: Map<string, LiveChannel>;
  /** Unique ids of channels that hung up. Their late events must not revive them. */
  readonly gone: Set<string>;
  /** Channels of the outside party. */
  readonly parties: Set<LiveChannel>;
  startedAt: number;
  /** Sequence number of the call. Calls are merged into the oldest. */
  readonly order: number;
  endedAt: number | null;
  /** Null while only Local channels and one unanswered channel are known. */
  direction: Direction | null;
  /** Whether the direction is certain, rather than a guess. */
  settled: boolean;
  party: string;
  partyName: string | null;
  /** The endpoint of the outside party's last channel. */
  trunk: string | null;
  withheld: boolean;
  dialled: string | null;
  legs: LiveLeg[];
  transfers: CallTransfer[];
  recordings: CallRecording[];
  /** DialStatus of the outside party's channels in an outbound call. */
  partyStatus: string | null;
  /** Cause code with which the last of them hung up. */
  partyCause: number | null;
  reconstructed: boolean;
  /** Set if a fax machine called. */
  isFax: boolean;
  /** Whether people met in a conference. Those who stay after the client has left are not a call. */
  isConference: boolean;
  /** An originated phone may be meant to listen in, so it is not reported until the client is dialled. */
  isOriginated: boolean;
  /** Whether the dialplan of our phone dialled somebody, and whether it did anything else. Alone, the latter is a feature code. */
  hasDialled: boolean;
  isIdle: boolean;
  /** Set for what is no call, such as listening in or a page. It is not reported. */
  isHidden: boolean;
  isReported: boolean;
  /** Whether something changed that people wait for. */
  dirty: boolean;
  /** Whether something changed that can wait a moment, such as a phone that stopped ringing. */
  late: boolean;
}

const WITHHELD =
  /^(?:sips?:)?(?:<?unknown>?|<?null>?|anonymous|restricted|private|withheld|unavailable|blocked|hidden|asterisk|s|0+)?(?:@[^@]*)?$/i;

/** Whether a caller's number is withheld: none, a word instead of it, or an address such as `sip:anonymous@anonymous.invalid`. */
export function isWithheld(number: string): boolean {
  return WITHHELD.test(number.trim());
}

/** The caller's name; null if there is none, if it is the number again, or if it only says that the number is withheld. */
export function callerName(name: string): string | null {
  return /^[\s\d+()-]*$/.test(name) || isWithheld(name) ? null : name;
}

/** The value of a header; empty if it is absent, `<unknown>`, `<none>` or `(null)`. */
export function text(fields: Fields, header: string): string {
  const value = fields[header];
  const first = typeof value === 'string' ? value : (value?.[0] ?? '');
  return first === '<unknown>' || first === '<none>' || first === '(null)' ? '' : first;
}
