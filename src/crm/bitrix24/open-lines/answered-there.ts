import type { LedgerStep } from '../../../domain/delivery/ledger.ts';

/** The step of a message that an operator wrote in the portal. It is done when the message is stored here. */
export const operatorStep = 'line operator';

/** Where an operator's message stands in the portal. */
export interface OperatorMessage {
  readonly connector: string;
  readonly line: number;
  readonly chat: number;
  readonly message: number;
}

/** Reads from a message's ledger that an operator wrote it in the portal; null if not. */
export function operatorMessageOf(steps: readonly LedgerStep[]): OperatorMessage | null {
  const remote = steps.find(({ step }) => step === operatorStep)?.remote;
  const [connector = '', ...numbers] = (remote ?? '').split(' ');
  const [line = Number.NaN, chat = Number.NaN, message = Number.NaN] = numbers.map(Number);
  return connector === '' || Number.isNaN(message) ? null : { connector, line, chat, message };
}

/** What the ledger keeps of an operator's message. */
export function operatorRemote({ connector, line, chat, message }: OperatorMessage): string {
  return [connector, line, chat, message].join(' ');
}
