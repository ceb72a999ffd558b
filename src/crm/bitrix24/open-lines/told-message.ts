import type { LedgerStep } from '../../../domain/delivery/ledger.ts';

/*
 * The steps of a message in the Open Lines. A contact whose files came later is several messages there, its parts.
 *
 *   line send PART              remote: see `Sent`
 *   line change REVISION TEXT   what it says since that revision
 *   line delete
 */

/** A part that was sent. */
export interface Sent {
  readonly chat: string | null;
  readonly session: string | null;
  /** Fingerprint of the text. */
  readonly text: string;
  /** Fingerprints of the files. */
  readonly files: readonly string[];
}

/** What the portal was told of a message. */
export interface ToldMessage {
  /** The parts that were begun, in order; null for one of which it is not known what became of it. */
  readonly parts: readonly (Sent | null)[];
  /** Fingerprint of the text that it says; null while that is unknown. */
  readonly text: string | null;
  readonly isDeleted: boolean;
}

export const sendStep = (part: number): string => `line send ${part}`;
export const changeStep = (revision: number, text: string): string => `line change ${revision} ${text}`;
export const deleteStep = 'line delete';

/** Reads a message's ledger; null if it was never sent. */
export function toldMessageOf(steps: readonly LedgerStep[]): ToldMessage | null {
  const parts: (Sent | null)[] = [];
  for (let part = 1; ; part += 1) {
    const step = steps.find((one) => one.step === sendStep(part));
    if (step === undefined) break;
    parts.push(step.state === 'done' ? readSent(step.remote) : null);
  }
  if (parts.length === 0) return null;
  const [change] = steps
    .flatMap(({ step, state }) => {
      const [, verb, revision, text] = step.split(' ');
      return verb === 'change' ? [{ revision: Number(revision), text: state === 'done' ? (text ?? null) : null }] : [];
    })
    .toSorted((a, b) => b.revision - a.revision);
  return {
    parts,
    text: change === undefined ? (parts[0]?.text ?? null) : change.text,
    isDeleted: steps.some(({ step, state }) => step === deleteStep && state === 'done'),
  };
}

/** What the ledger keeps of a part that was sent. */
export function sentText({ chat, session, text, files }: Sent): string {
  return [chat ?? '-', session ?? '-', text, files.join(',')].join(' ');
}

function readSent(remote: string | null): Sent {
  const [chat = '-', session = '-', text = '-', files = ''] = (remote ?? '').split(' ');
  const known = (value: string) => (value === '-' ? null : value);
  return { chat: known(chat), session: known(session), text, files: files === '' ? [] : files.split(',') };
}
