/** How the attempt to reach one of our ends ended. */
export type LegOutcome =
  | 'answered'
  | 'elsewhere'
  | 'no_answer'
  | 'busy'
  | 'rejected'
  | 'unavailable'
  | 'cancelled'
  | 'failed';

/** How the party left a queue; `exit_key`: by a key, or the dialplan took it out. */
export type QueueLeft = 'answered' | 'abandoned' | 'timeout' | 'exit_key' | 'empty' | 'full';

/** How an outbound call ended that nobody outside answered, by the PBX's cause code (Q.850) and dial status. */
export type CallResultReason =
  | 'busy'
  | 'no_answer'
  | 'rejected'
  | 'wrong_number'
  | 'congestion'
  | 'unavailable'
  | 'cancelled'
  | 'failed';

/** The result of an outbound call that nobody outside answered. */
export interface CallResult {
  readonly reason: CallResultReason;
  /** The cause code of Q.850, as the PBX reported it. */
  readonly cause: number | null;
}
