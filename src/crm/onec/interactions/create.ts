import type { Fields } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Settled } from '../../ledger.ts';
import { settleByLooking } from '../../shared/settle.ts';
import { unreadable } from '../api/client.ts';
import { code, service } from '../api/errors.ts';
import { quoted, referenceOf } from '../api/literals.ts';
import { baseTime } from '../api/times.ts';
import type { Attempt } from './attempt.ts';

/** Something to create at most once. */
export interface Creation {
  readonly set: string;
  /** The key that the base is asked to take. */
  readonly key: string;
  readonly fields: Fields;
  /** The attribute that holds our mark, and the mark. */
  readonly markedIn: string;
  readonly mark: string;
  /** About when it is dated, if it is searched by its date. */
  readonly around: string | null;
}

const day = 86_400_000;

/** Creates an object. Resolves to its key, and whether it holds what was given; a key that exists is one of ours. */
export async function create(
  { set, key, fields }: Creation,
  { parts, known, options }: Attempt,
): Promise<{ readonly key: string; readonly isNew: boolean }> {
  try {
    const created = await parts.base.create(set, { Ref_Key: key, ...fields }, options);
    const given = referenceOf(created.Ref_Key);
    if (given === null) throw unreadable('unknown');
    await known.noteOwnKeys(given === key);
    return { key: given, isNew: true };
  } catch (error) {
    if (asServiceError(error).code !== code.keyExists) throw error;
    await known.noteOwnKeys(true);
    return { key, isNew: false };
  }
}

/** Finds out what became of a creation: by its key, then by its mark. */
export async function settleCreation(creation: Creation, at: number, attempt: Attempt): Promise<Settled> {
  // A repeat under a key of ours can't double anything.
  if (await attempt.known.takesOwnKeys()) return { done: false };
  const now = attempt.parts.context.clock.now();
  return settleByLooking(service, { at }, now, () => find(creation, attempt));
}

/** The key of an object that was created earlier; null if there is none. */
export async function find({ set, key, markedIn, mark, around }: Creation, attempt: Attempt): Promise<string | null> {
  const { parts, options } = attempt;
  if ((await parts.base.read(set, key, ['Ref_Key'], options)) !== null) return key;
  // Texts without a limit can't be compared, and have no index: the date narrows the search.
  const filter = [
    ...(around === null ? [] : [near(Date.parse(around), parts.timezone)]),
    `substringof(${quoted(mark)},${markedIn})`,
  ].join(' and ');
  const [found] = await parts.base.list(set, { select: ['Ref_Key'], filter, top: 1 }, options);
  return referenceOf(found?.Ref_Key);
}

function near(at: number, timezone: string): string {
  const literal = (moment: number) => `datetime'${baseTime(moment, timezone)}'`;
  return `Date ge ${literal(at - day)} and Date le ${literal(at + day)}`;
}
