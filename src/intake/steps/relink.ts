import { maxRematched, newest, type RelinkPlace, rematched } from '../../domain/directory/rematch.ts';
import type { Identifier, Interaction, Suggestion } from '../../domain/interaction/interaction.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { cameBy } from '../../domain/written/settle-suggestion.ts';
import { match } from './match.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/**
 * Matches the interactions of these identifiers again after clients changed. Decisions of people stay. One write
 * handles a limited number of interactions; the rest is done later.
 */
export async function relink(work: Work, identifiers: readonly Identifier[], at: number): Promise<readonly Change[]> {
  if (identifiers.length === 0) return [];
  const { accountLinks, relinks } = work.tables;
  const changes: Change[] = [];
  let left = maxRematched;
  const all = [...identifiers, ...(await accountLinks.accountsOf(identifiers))];
  for (const identifier of await relinks.withAutomaticMatches(all))
    left -= await rematchFrom(work, identifier, { from: newest, limit: left, at }, changes);
  return changes;
}

/** Continues with one identifier that was not finished. */
export async function resumeRelinking(work: Work, at: number): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const rest = await work.tables.relinks.takePostponed();
  if (rest !== null) await rematchFrom(work, rest.identifier, { from: rest.from, limit: maxRematched, at }, changes);
  return changes;
}

/** When a suggestion is withdrawn, matches again the contacts that it assigned; for each identifier the newest ones. */
export async function release(
  work: Work,
  identifier: Identifier,
  suggestion: Suggestion,
  at: number,
): Promise<readonly Change[]> {
  const { accountLinks, relinks } = work.tables;
  const changes: Change[] = [];
  for (const one of [identifier, ...(await accountLinks.accountsOf([identifier]))])
    for (const before of await relinks.decidedByHuman(one, maxRematched))
      if (cameBy(before, suggestion)) await rematch(work, before, at, changes);
  return changes;
}

/** Matches up to `limit` interactions after a place again. Returns how many it handled. */
async function rematchFrom(
  work: Work,
  identifier: Identifier,
  { from, limit, at }: { readonly from: RelinkPlace; readonly limit: number; readonly at: number },
  changes: Change[],
): Promise<number> {
  const { relinks } = work.tables;
  const { found, more } = await relinks.matchedByMachine(identifier, from, limit);
  for (const before of found) await rematch(work, before, at, changes);
  if (more) await relinks.postpone(identifier, found.at(-1) ?? from);
  return found.length;
}

async function rematch(work: Work, before: Interaction, at: number, changes: Change[]): Promise<void> {
  if (before.mergedInto !== null) return;
  const after = rematched(before, await match(work, before.party), work.staff, at);
  if (after !== null) changes.push(await save(work.tables, before, after, { at, what: 'match' }));
}
