import type { EventKey, InteractionId } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';
import type { CallEnd } from '../interaction/contact-event.ts';

/**
 * What people can do to a call under way, without listening to it:
 * - `hang_up`: ends a telephone's part in the call, or the whole call.
 * - `blind_transfer`: sends the party to a colleague at once.
 * - `attended_transfer`: puts the party on hold and calls a colleague. `complete_transfer` connects both, `cancel_transfer`
 *   returns to the party.
 * - `pass_on`: sends a party for whom only this telephone rings on to a colleague, by default to whom routing names next.
 * - `park`: puts the party into a parking space, from which any telephone can retrieve it.
 * - `pick_up`: connects one's own telephone instead of a colleague's that rings.
 */
export const commandActions = [
  'hang_up',
  'blind_transfer',
  'attended_transfer',
  'complete_transfer',
  'cancel_transfer',
  'pass_on',
  'park',
  'pick_up',
] as const;

/**
 * Everything that can be done to a call under way: {@link commandActions}, and what only supervisors may:
 * - `listen`: connects a supervisor's telephone, which hears both sides. `whisper`: the colleague hears the supervisor too.
 */
export const callActions = [...commandActions, 'listen', 'whisper'] as const;

/** An act on a call under way; see {@link callActions}. */
export type CallAction = (typeof callActions)[number];

/** A command to a connection, to act on a call under way. */
export interface CallCommand {
  readonly action: CallAction;
  readonly interaction: InteractionId;
  /** The keys by which the connection knows the call. */
  readonly call: readonly EventKey[];
  /**
   * The telephone of ours that the command acts on. Null for `hang_up` means the whole call, and for `pass_on` that all telephones
   * have declined it.
   */
  readonly end: CallEnd | null;
  /** The extension that a transfer goes to. */
  readonly to: string | null;
  /** The requester's own extension, which rings for `pick_up`, `listen` and `whisper`. */
  readonly extension: string | null;
}

/** A command in the queue, with the reason if it was not carried out. */
export interface QueuedCommand extends CallCommand {
  readonly problem: Reason | null;
}

/** How far a command came. `uncertain`: it was interrupted, and it is unknown whether the PBX carried it out. */
export type CommandState = 'requested' | 'done' | 'failed' | 'uncertain';

/** Whether an act sends the party to another telephone, and therefore needs its extension. */
export function isTransfer(action: CallAction): boolean {
  return action === 'blind_transfer' || action === 'attended_transfer' || action === 'pass_on';
}

/** Whether a command rings the requester's own telephone. */
export function ringsOwnTelephone(action: CallAction): boolean {
  return action === 'pick_up' || isSpying(action);
}

/** Whether a command lets somebody hear a call of others. */
export function isSpying(action: CallAction): boolean {
  return action === 'listen' || action === 'whisper';
}
