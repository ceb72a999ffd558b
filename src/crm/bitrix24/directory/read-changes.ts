import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { DirectoryPage } from '../../../domain/directory/directory-source.ts';
import { parseJson, text } from '../../../runtime/http/fields.ts';
import type { KnownClients } from '../../contract.ts';
import { type CardKind, cardText } from '../cards/card.ts';
import { Affected, currentClients, type Describing } from './current.ts';
import { pageSize } from './lists.ts';
import { cardNumber, type Row } from './rows.ts';

const kinds = ['contact', 'company', 'lead', 'deal'] as const;

/**
 * From when changes are looked for. In the middle of a sweep, `next` is when it began, and `after` the last id of each
 * kind that has been read; a kind that is not in it has been read whole.
 */
const Since = Type.Object({
  since: Type.String(),
  next: Type.Optional(Type.String()),
  after: Type.Optional(Type.Record(Type.String(), Type.Number())),
});
type Since = Static<typeof Since>;

/** The portal's times are whole seconds: a card may change again within the second in which it was read. */
const settled = 2000;

/** Cards whose latest change was stored, by their ids. */
export type Seen = Map<string, number>;

/** What a sweep needs. */
export interface Sweeping extends Describing {
  readonly known: KnownClients;
  readonly seen: Seen;
  /** The portal's time. */
  readonly now: () => Promise<string>;
}

/**
 * Looks for cards that have changed since the last sweep, by `DATE_MODIFY` and with an overlap, in the order of ids.
 * It can go on after an interruption. Most sweeps find nothing and take two requests.
 */
export async function* readChanges(cursor: string, sweeping: Sweeping): AsyncGenerator<DirectoryPage> {
  const { lists, settings, seen } = sweeping;
  const begun = parseSince(cursor) ?? { since: await aDayAgo(sweeping) };
  const { since } = begun;
  const next = begun.next ?? (await sweeping.now());
  const from = new Date(Date.parse(since) - settings.overlap * 1000).toISOString();
  const all = kinds.filter((kind) => kind !== 'lead' || settings.leads);
  let after = begun.after ?? Object.fromEntries(all.map((kind) => [kind, 0]));
  while (Object.keys(after).length > 0) {
    const open = all.filter((kind) => after[kind] !== undefined);
    const queries = open.map((kind) => ({
      query: { kind, filter: { '>=DATE_MODIFY': from }, select: fieldsOf(kind) },
      after: after[kind] ?? 0,
    }));
    const pages = await lists.firstPages(queries);
    const found = open.map((kind, i) => ({ kind, rows: pages[i] ?? [] }));
    const fresh = found.map(({ kind, rows }) => ({ kind, rows: rows.filter((row) => !isSeen(seen, kind, row)) }));
    after = Object.fromEntries(
      found.flatMap(({ kind, rows }) => {
        const last = rows.at(-1)?.id ?? 0;
        return rows.length < pageSize ? [] : [[kind, last]];
      }),
    );
    const isDone = Object.keys(after).length === 0;
    const affected = await affectedBy(fresh, sweeping.known);
    const difference = affected.isEmpty
      ? { clients: [], removed: [] }
      : await currentClients(affected, sweeping.known, sweeping);
    yield { ...difference, cursor: JSON.stringify(isDone ? { since: next } : { since, next, after }) };
    remember(seen, fresh, Date.parse(next));
  }
  const oldest = Date.parse(next) - settings.overlap * 1000;
  for (const [card, at] of seen) if (at < oldest) seen.delete(card);
}

/** For a cursor of another kind of core under the same name. A full reading follows within a day. */
async function aDayAgo({ now }: Sweeping): Promise<string> {
  return new Date(Date.parse(await now()) - 24 * 3600_000).toISOString();
}

function fieldsOf(kind: CardKind): readonly string[] {
  return ['ID', 'DATE_MODIFY', ...(kind === 'deal' ? ['COMPANY_ID', 'CONTACT_ID'] : [])];
}

type Found = readonly { readonly kind: CardKind; readonly rows: readonly Row[] }[];

/** The cards whose clients have to be read. A deal concerns its clients, those that it had before as well. */
async function affectedBy(found: Found, known: KnownClients): Promise<Affected> {
  const affected = new Affected();
  for (const { kind, rows } of found) {
    if (kind !== 'deal') for (const { id } of rows) affected[kind].add(id);
    else if (rows.length > 0) {
      for (const row of rows) {
        const [company, contact] = [cardNumber(row.fields.COMPANY_ID), cardNumber(row.fields.CONTACT_ID)];
        if (company !== null) affected.company.add(company);
        else if (contact !== null) affected.contact.add(contact);
      }
      const deals = rows.map(({ id }) => cardText({ kind, id }));
      affected.addClients(await known.clientsWith({ contacts: [], deals }));
    }
  }
  return affected;
}

function changedAt(row: Row): number {
  return Date.parse(text(row.fields.DATE_MODIFY) ?? '');
}

function isSeen(seen: Seen, kind: CardKind, row: Row): boolean {
  return seen.get(cardText({ kind, id: row.id })) === changedAt(row);
}

function remember(seen: Seen, found: Found, now: number): void {
  for (const { kind, rows } of found) {
    for (const row of rows) {
      const at = changedAt(row);
      if (at < now - settled) seen.set(cardText({ kind, id: row.id }), at);
    }
  }
}

function parseSince(cursor: string): Since | null {
  const since = parseJson(cursor);
  return Value.Check(Since, since) && !Number.isNaN(Date.parse(since.since)) ? since : null;
}
