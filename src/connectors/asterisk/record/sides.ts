import type { Endpoints } from '../endpoints/endpoints.ts';
import { dialledByData } from './dial-data.ts';
import type { RecordRow } from './row.ts';

/** Rules for interpreting the rows. What a channel is comes from the same place as for live calls. */
export interface CallRules {
  readonly connection: string;
  readonly endpoints: Endpoints;
  /** Whether a number is one of our lines, as the caller id of a call that the PBX itself began. */
  readonly isLine: (number: string) => boolean;
}

/** An extension, or in an inbound call whoever is called over a trunk. */
export interface Ours {
  readonly kind: 'ours';
  readonly extension: string | null;
  readonly phone: string | null;
}

/**
 * Who is at one end of a row. An extension behind a trunk is a colleague's of another office or mobile operator, and ours, too; that
 * a number is a manager's mobile is for the intake to say. `local` only connects other channels, and `none` is no human: nobody, an application, or a technical channel.
 */
export type Side = Ours | { readonly kind: 'outside'; readonly number: string } | { readonly kind: 'local' | 'none' };

/** A row with its two ends: who called, and who was called. */
export interface Told {
  readonly row: RecordRow;
  readonly from: Side;
  readonly to: Side;
  /** Whether the called end came to the caller by itself: it fetched a parked call, or joined a conference. */
  readonly hasCome?: boolean;
}

/** Finds out who is at the ends of a row. */
export function told(row: RecordRow, rules: CallRules): Told {
  return { row, from: callerSide(row, rules), to: calledSide(row, rules) };
}

/**
 * The rows of a call as the outside party sees them. Its channel was called once; whoever is connected with it later, from parking or
 * in a conference, came to it.
 */
export function seenBy(party: Told, rows: readonly Told[]): readonly Told[] {
  return rows.map((one, index): Told => {
    const { row, from, to } = one;
    if (row.destinationChannel === '') return one;
    if (row.destinationChannel === party.row.channel && from.kind === 'ours')
      return { row, from: party.from, to: from, hasCome: true };
    const earlier = rows.slice(0, index).find((other) => other.row.destinationChannel === row.destinationChannel);
    return to.kind === 'outside' && earlier !== undefined ? { ...one, to: earlier.to } : one;
  });
}

function callerSide({ channel, source, destination }: RecordRow, rules: CallRules): Side {
  // A short number that calls one of our lines is not a telephone of ours, as for live calls.
  const isToLine = rules.isLine(destination);
  const { kind, extension } = rules.endpoints.ofCaller(channel, isToLine ? '' : source);
  if (kind !== 'trunk') return sideOf(kind, extension);
  const number = source || numberInName(channel);
  return isToLine ? { kind: 'outside', number } : behindTrunk(number, rules);
}

function calledSide(row: RecordRow, rules: CallRules): Side {
  const { destinationChannel, destination } = row;
  if (destinationChannel === '') return { kind: 'none' };
  const { kind, extension, certain, name } = rules.endpoints.ofChannel(destinationChannel);
  if (kind !== 'trunk') return sideOf(kind, extension);
  const dialled = dialledByData(row.data, name);
  // A telephone whose name says nothing is known by the extension that it was called as.
  if (!certain && dialled === null && rules.endpoints.isExtension(destination))
    return { kind: 'ours', extension: destination, phone: null };
  const known = dialled ?? (isNumber(destination) ? destination : numberInName(destinationChannel));
  return behindTrunk(known || numberInLocal(row.channel), rules);
}

/** The number in the name of an ISDN channel, `DAHDI/i1/79161234567-1a`; empty if there is none. */
function numberInName(channel: string): string {
  return /^[A-Za-z0-9]+\/[^/]+\/(\+?\d{3,20})-/.exec(channel)?.[1] ?? '';
}

/** The number in the name of a Local channel, `Local/89161234567@from-internal-00000001;2`; empty if there is none. */
function numberInLocal(channel: string): string {
  return /^Local\/(\+?\d{5,20})@/.exec(channel)?.[1] ?? '';
}

function sideOf(kind: 'extension' | 'local' | 'technical', extension: string | null): Side {
  if (kind === 'extension') return { kind: 'ours', extension, phone: null };
  return { kind: kind === 'local' ? 'local' : 'none' };
}

function behindTrunk(number: string, rules: CallRules): Side {
  if (rules.endpoints.isExtension(number)) return { kind: 'ours', extension: number, phone: null };
  return { kind: 'outside', number };
}

/** Whether a dialplan extension is a number that somebody dialled, rather than `s`, `h` or the name of a step. */
export function isNumber(destination: string): boolean {
  return /^\+?\d{2,20}$/.test(destination);
}
