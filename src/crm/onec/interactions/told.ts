import type { LedgerStep } from '../../../domain/delivery/ledger.ts';
import { type Fields, fields, parseJson } from '../../../runtime/http/fields.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import { referenceOf } from '../api/literals.ts';

/*
 * A contact is one document. The names of the ledger's steps say what the base was told of it:
 *
 *   add SET                      remote: its key, and what it was told
 *   write REVISION CONTENT       changed since that revision; remote: what it was told
 *   mark REVISION on|off         its deletion mark, since that revision
 *   gone                         somebody has deleted it for good
 *   NAME REVISION CONTENT        a record of a register that belongs to it, as `write`
 */

/** What an object was told: a fingerprint of each attribute. */
export type Told = Readonly<Record<string, string>>;

/** The document of a contact. */
export interface ToldDocument {
  readonly key: string;
  /** Null while it is uncertain. */
  readonly fields: Told | null;
  /** Whether we have marked it for deletion; null while that is uncertain. */
  readonly isMarked: boolean | null;
  readonly isGone: boolean;
}

export const addStep = (set: string): string => `add ${set}`;
export const goneStep = 'gone';
export const markStep = (revision: number, isOn: boolean): string => `mark ${revision} ${isOn ? 'on' : 'off'}`;
export const writeStep = (name: string, revision: number, told: Told): string =>
  `${name} ${revision} ${fingerprint(JSON.stringify(told), 12)}`;

/** The fingerprints of what is to be told. */
export function toldBy(given: Fields): Told {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, fingerprint(JSON.stringify(value), 8)]),
  );
}

/** What an object was told last under a name; null while that is uncertain, undefined if nothing ever was. */
export function lastTold(steps: readonly LedgerStep[], name: string): Told | null | undefined {
  const last = latest(steps, name);
  if (last === undefined) return undefined;
  return last.state === 'done' ? readTold(last.remote) : null;
}

/** The set of a contact's document, also while it is uncertain whether it was added; null if there is none. */
export function toldSet(steps: readonly LedgerStep[]): string | null {
  return steps.find(({ step }) => step.startsWith('add '))?.step.slice('add '.length) ?? null;
}

/** Reads a contact's ledger; null if the document was not certainly added. */
export function toldDocument(steps: readonly LedgerStep[]): ToldDocument | null {
  const added = steps.find(({ step, state }) => step.startsWith('add ') && state === 'done');
  const [key, told] = readAdded(added?.remote ?? null);
  if (key === null) return null;
  const written = lastTold(steps, 'write');
  const mark = latest(steps, 'mark');
  return {
    key,
    fields: written === undefined ? told : written,
    isMarked: mark === undefined ? false : mark.state === 'done' ? mark.step.endsWith(' on') : null,
    isGone: steps.some(({ step, state }) => step === goneStep && state === 'done'),
  };
}

/** What the ledger keeps of a document that was added; `told` is null if it was only found. */
export function addedText(key: string, told: Told | null): string {
  return told === null ? key : `${key} ${JSON.stringify(told)}`;
}

function readAdded(remote: string | null): readonly [key: string | null, told: Told | null] {
  const [first = ''] = (remote ?? '').split(' ', 1);
  return [referenceOf(first), readTold((remote ?? '').slice(first.length + 1))];
}

function readTold(remote: string | null): Told | null {
  const value = parseJson(remote ?? '');
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(fields(value)).map(([name, one]) => [name, String(one)]));
}

/** The step of the highest revision. */
function latest(steps: readonly LedgerStep[], name: string): LedgerStep | undefined {
  const revision = ({ step }: LedgerStep) => Number(step.split(' ')[1]);
  return steps
    .filter(({ step }) => step.startsWith(`${name} `))
    .toSorted((a, b) => revision(b) - revision(a) || b.at - a.at)[0];
}
