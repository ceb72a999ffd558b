import type { SourceClient } from '../../../domain/directory/directory-source.ts';
import type { Identifier } from '../../../domain/interaction/interaction.ts';
import type { KnownClients } from '../../contract.ts';
import { quoted } from '../api/literals.ts';
import { rowsOf } from '../paging.ts';
import { Affected, affectedBy, currentClients } from './current.ts';
import { contactSection, type Reading, visibility } from './reading.ts';
import type { SweptSet } from './swept-sets.ts';

/** Most objects of a set with the same identifier. */
const maxFound = 20;

/**
 * Searches the base for an unknown party while it is on the line. Only numbers that 1C has taken apart are found. What
 * a user typed otherwise is known from the reading of the directory.
 */
export async function lookUp(
  identifier: Identifier,
  reading: Reading,
  sets: readonly SweptSet[],
  known: KnownClients,
): Promise<readonly SourceClient[]> {
  const condition = conditionOf(identifier);
  if (condition === null) return [];
  const affected = new Affected();
  const searched = sets.filter(({ set }) => reading.mapping.has(set, `${contactSection}/Тип`));
  const found = await Promise.all(
    searched.map(async (swept) => {
      const filter = `${contactSection}/any(d: ${condition}) and ${swept.filter}`;
      const query = { select: ['Ref_Key'], filter, top: maxFound, ...visibility(reading) };
      const rows = rowsOf(await reading.base.list(swept.set, query, reading.options));
      return affectedBy(
        reading,
        swept,
        rows.map(({ key }) => key),
        known,
      );
    }),
  );
  for (const one of found) affected.addAll(one);
  return affected.size === 0 ? [] : (await currentClients(reading, affected)).clients;
}

/** How 1C may hold a number or an address; null for what it does not hold. */
function conditionOf({ kind, value }: Identifier): string | null {
  const equal = (column: string, texts: readonly string[]) =>
    texts.map((text) => `d/${column} eq ${quoted(text)}`).join(' or ');
  switch (kind) {
    case 'phone':
      return equal('НомерТелефона', writtenForms(value));
    case 'email':
      return equal('АдресЭП', [...new Set([value, value.toLowerCase()])]);
    case 'account':
      return null;
  }
}

/** A number in the forms that 1C keeps: with the country code, with the 8 of long-distance calls, and without both. */
function writtenForms(phone: string): readonly string[] {
  const digits = phone.replace(/\D/g, '');
  const isRussian = digits.length === 11 && digits.startsWith('7');
  return isRussian ? [digits, `8${digits.slice(1)}`, digits.slice(1)] : [digits];
}
