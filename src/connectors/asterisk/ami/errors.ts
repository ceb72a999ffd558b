import type { Reason } from '../../../domain/base/reason.ts';
import { reason, reasonText } from '../../../domain/reasons/reasons.ts';
import type { AmiMessage } from './message.ts';

/**
 * Causes of AMI errors:
 * - `login-refused`: the PBX does not accept the user or secret.
 * - `action-refused`: the PBX answered `Response: Error`.
 * - `not-connected`: nothing was sent.
 * - `dropped`: the connection was lost before the answer.
 * - `timed-out`: no answer within the deadline.
 * - `unsafe`: the action can't be encoded without changing its meaning.
 * - `overloaded`: one of our limits was reached.
 * - `protocol`: the received data is not AMI.
 * - `stopped`: the client was stopped.
 */
export type AmiErrorCode =
  | 'login-refused'
  | 'action-refused'
  | 'not-connected'
  | 'dropped'
  | 'timed-out'
  | 'unsafe'
  | 'overloaded'
  | 'protocol'
  | 'stopped';

/** Any error of this folder. Its message never contains the value of a header. */
export class AmiError extends Error {
  readonly code: AmiErrorCode;
  /** Whether bytes of the action may have reached the PBX, so that its effect is uncertain. */
  readonly sent: boolean;
  /** The PBX's answer, if there was one. */
  readonly response: AmiMessage | null;

  constructor(code: AmiErrorCode, message: string, details: { sent?: boolean; response?: AmiMessage } = {}) {
    super(message);
    this.name = 'AmiError';
    this.code = code;
    this.sent = details.sent ?? false;
    this.response = details.response ?? null;
  }
}

/** Why a connection ended, with the reason that people see as its state. */
export class AmiEnd extends AmiError {
  readonly reason: Reason;

  constructor(code: AmiErrorCode, reason: Reason) {
    super(code, reasonText(reason));
    this.reason = reason;
  }
}

/** Any error as the end of a connection. */
export function endOf(error: unknown): AmiEnd {
  if (error instanceof AmiEnd) return error;
  const code = error instanceof AmiError ? error.code : 'protocol';
  return new AmiEnd(code, reason('pbxTrouble', { said: error instanceof Error ? error.message : String(error) }));
}
