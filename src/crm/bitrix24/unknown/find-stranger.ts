import type { Party } from '../../../domain/interaction/interaction.ts';
import { type Fields, fields, list, number } from '../../../runtime/http/fields.ts';
import { originator } from '../api/origin.ts';
import type { Answer, Command, Portal } from '../api/portal.ts';
import { answered, rowsOf } from '../api/rows.ts';
import type { Card, CardKind } from '../cards/card.ts';

/** What the portal has of somebody. */
export interface Found {
  /** The cards that his contacts belong on. */
  readonly cards: readonly Card[];
  /** What is still to be made, of a contact with a deal. */
  readonly missing: readonly ('lead' | 'contact' | 'deal')[];
}

/** Whom to look for, and what is made of him if he is not found. */
export interface Search {
  readonly origin: string;
  readonly party: Pick<Party, 'phone' | 'email'>;
  readonly as: 'lead' | 'deal';
}

/**
 * Looks for somebody: a contact or company with the telephone number or address, else what was made of him earlier,
 * else a lead in progress.
 */
export async function findStranger(search: Search, portal: Portal, signal: AbortSignal): Promise<Found> {
  const answers = await portal.batch(commandsOf(search), { signal });
  const ids = (name: keyof typeof answers) => (answers[name] === undefined ? [] : idsOf(answered(answers[name])));
  const known = [answers.phone, answers.email].flatMap((answer) =>
    answer === undefined ? [] : [fields(answered(answer).result)],
  );
  const first = (kind: 'CONTACT' | 'COMPANY') => known.flatMap((hits) => numbers(hits[kind]))[0];
  const [own, deal, lead] = [ids('contacts')[0], ids('deals')[0], ids('leads')[0]];
  const [contact, company] = [first('CONTACT'), first('COMPANY')];

  if (contact !== undefined && contact !== own) return whole('contact', contact);
  if (own === undefined && company !== undefined) return whole('company', company);
  if (search.as === 'deal') {
    const cards: Card[] = [];
    if (own !== undefined) cards.push({ kind: 'contact', id: own });
    if (deal !== undefined) cards.push({ kind: 'deal', id: deal });
    const missing = [
      ...(own === undefined ? (['contact'] as const) : []),
      ...(deal === undefined ? (['deal'] as const) : []),
    ];
    return { cards, missing };
  }
  if (lead !== undefined) return whole('lead', lead);
  const other = await leadInProgress(
    known.flatMap((hits) => numbers(hits.LEAD)),
    portal,
    signal,
  );
  return other === null ? { cards: [], missing: ['lead'] } : whole('lead', other);
}

function whole(kind: CardKind, id: number): Found {
  return { cards: [{ kind, id }], missing: [] };
}

function commandsOf({ origin, party, as }: Search): Readonly<Record<string, Command>> {
  const of = { ORIGINATOR_ID: originator, ORIGIN_ID: origin };
  const look = (method: string, filter: Fields): Command => ({
    method,
    parameters: { filter: { ...of, ...filter }, order: { ID: 'DESC' }, select: ['ID', 'ORIGIN_ID'] },
  });
  const duplicates = (type: 'PHONE' | 'EMAIL', value: string): Command => ({
    method: 'crm.duplicate.findbycomm',
    parameters: { type, values: [value] },
  });
  return {
    ...(as === 'lead'
      ? { leads: look('crm.lead.list', { STATUS_SEMANTIC_ID: 'P' }) }
      : { contacts: look('crm.contact.list', {}), deals: look('crm.deal.list', { CLOSED: 'N' }) }),
    ...(party.phone !== null && { phone: duplicates('PHONE', party.phone) }),
    ...(party.email !== null && { email: duplicates('EMAIL', party.email) }),
  };
}

function idsOf(answer: Answer): readonly number[] {
  return rowsOf(answer).flatMap(({ ID }) => number(ID) ?? []);
}

function numbers(value: unknown): readonly number[] {
  return list(value).flatMap((one) => number(one) ?? []);
}

/** A closed lead is not taken up again. */
async function leadInProgress(ids: readonly number[], portal: Portal, signal: AbortSignal): Promise<number | null> {
  if (ids.length === 0) return null;
  const filter = { ID: ids.slice(0, 50), STATUS_SEMANTIC_ID: 'P' };
  const answer = await portal.call('crm.lead.list', { filter, order: { ID: 'DESC' }, select: ['ID'] }, { signal });
  return idsOf(answer)[0] ?? null;
}
