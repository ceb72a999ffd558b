import type { EventKey } from '../../../domain/base/ids.ts';
import type { CallRecording, CallTransfer } from '../../../domain/interaction/contact-event.ts';
import type { Direction, LegKind, LegOutcome } from '../../../domain/interaction/interaction.ts';

/** Header name → value of an AMI event, as `AmiMessage.fields` has it. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the tracker must know of the PBX and how much it may keep. */
export interface CallTrackerOptions {
  /** The connection's name: the first half of every key. */
  readonly connection: string;
  /** Whether an endpoint or a dialled number is one of ours. */
  readonly isExtension: (name: string) => boolean;
  /** Whether an endpoint leads outside. */
  readonly isTrunk: (name: string) => boolean;
  /** How long an ended call is remembered, so that late events don't revive it. Milliseconds. */
  readonly lingerMs: number;
  /** Calls kept at once; new ones beyond it are not followed. */
  readonly maxCalls: number;
}

/** What a channel leads to. `local` is one half of a Local pair: a wire, no end. */
export type ChannelKind = 'trunk' | 'extension' | 'local' | 'other';

/** A channel that lives now. */
export interface LiveChannel {
  readonly id: string;
  readonly kind: ChannelKind;
  /** The endpoint: `101` of `PJSIP/101-0000001a`. */
  readonly end: string;
  name: string;
  linkedid: string;
  call: LiveCall;
  bridge: string | null;
  leg: LiveLeg | null;
}

/** A leg under way; `channels` are those of its devices that still live. */
export interface LiveLeg {
  kind: LegKind;
  extension: string | null;
  phone: string | null;
  rangAt: number | null;
  talkedAt: number | null;
  endedAt: number | null;
  outcome: LegOutcome | null;
  /** Its channel was picked up, whether or not the outside party was there to talk to. */
  answered: boolean;
  readonly channels: Set<LiveChannel>;
}

/** A call as the tracker holds it. */
export interface LiveCall {
  readonly key: EventKey;
  readonly linkedids: Set<string>;
  readonly aliases: Set<EventKey>;
  readonly channels: Map<string, LiveChannel>;
  /** Uniqueids that hung up: a late event of theirs must not bring them back. */
  readonly gone: Set<string>;
  /** Channels of the outside party. */
  readonly parties: Set<LiveChannel>;
  startedAt: number;
  /** The order in which calls came, for merging into the oldest. */
  readonly order: number;
  endedAt: number | null;
  /** Null while only wires and one unanswered end are known. */
  direction: Direction | null;
  /** Settled by what was dialled, no longer a guess. */
  settled: boolean;
  party: string;
  partyName: string | null;
  withheld: boolean;
  dialled: string | null;
  legs: LiveLeg[];
  transfers: CallTransfer[];
  recordings: CallRecording[];
  /** DialStatus of the outside party's channels in an outbound call. */
  partyStatus: string | null;
  reconstructed: boolean;
  /** The last snapshot told, as JSON, so that nothing is told twice; empty when nobody was told. */
  told: string;
  dirty: boolean;
}

const WITHHELD = /^(<?unknown>?|anonymous|restricted|private|withheld|unavailable|asterisk|s)?$/i;

/** Whether a caller's number says that there is none. */
export function isWithheld(number: string): boolean {
  return WITHHELD.test(number.trim());
}

/** A header's value; empty when absent, `<unknown>` or `<none>`. */
export function text(fields: Fields, header: string): string {
  const value = fields[header];
  const first = typeof value === 'string' ? value : (value?.[0] ?? '');
  return first === '<unknown>' || first === '<none>' || first === '(null)' ? '' : first;
}

/** The endpoint in a channel's name: `101` of `PJSIP/101-0000001a`, `101` of `PJSIP/101`. */
export function endpointOf(channel: string): string {
  const slash = channel.indexOf('/');
  const dash = channel.lastIndexOf('-');
  return channel.slice(slash + 1, dash > slash ? dash : undefined);
}

/** The name of a Local channel's other half, or null for any other channel. */
export function otherHalf(channel: string): string | null {
  if (channel.endsWith(';1')) return `${channel.slice(0, -1)}2`;
  if (channel.endsWith(';2')) return `${channel.slice(0, -1)}1`;
  return null;
}

/** What a channel leads to, by its technology and endpoint. */
export function kindOf(channel: string, options: CallTrackerOptions): ChannelKind {
  if (channel.startsWith('Local/')) return 'local';
  const end = endpointOf(channel);
  if (options.isTrunk(end)) return 'trunk';
  return options.isExtension(end) ? 'extension' : 'other';
}
