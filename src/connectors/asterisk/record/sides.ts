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
 * Who is at one end of a row. `colleague` is a number of another office behind a trunk; that a number is a manager's mobile is
 * for the intake to say. `local` only connects other channels, and `none` is no human: nobody, an application, or a technical channel.
 */
export type Side =
  | Ours
  | { readonly kind: 'colleague'; readonly number: string }
  | { readonly kind: 'outside'; readonly number: string }
  | { readonly kind: 'local' | 'none' };

/** A row with its two ends: who called, and who was called. */
export interface Told {
  readonly row: RecordRow;
  readonly from: Side;
  readonly to: Side;
}

/** Finds out who is at the ends of a row. */
export function told(row: RecordRow, rules: CallRules): Told {
  return { row, from: callerSide(row, rules), to: calledSide(row, rules) };
}

function callerSide({ channel, source }: RecordRow, rules: CallRules): Side {
  const { kind, extension } = rules.endpoints.ofCaller(channel, source);
  if (kind !== 'trunk') return sideOf(kind, extension);
  return behindTrunk(source, rules);
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
  return behindTrunk(dialled ?? (isNumber(destination) ? destination : ''), rules);
}

function sideOf(kind: 'extension' | 'local' | 'technical', extension: string | null): Side {
  if (kind === 'extension') return { kind: 'ours', extension, phone: null };
  return { kind: kind === 'local' ? 'local' : 'none' };
}

function behindTrunk(number: string, rules: CallRules): Side {
  if (rules.endpoints.isExtension(number)) return { kind: 'colleague', number };
  return { kind: 'outside', number };
}

/** Whether a dialplan extension is a number that somebody dialled, rather than `s`, `h` or the name of a step. */
export function isNumber(destination: string): boolean {
  return /^\+?\d{2,20}$/.test(destination);
}
