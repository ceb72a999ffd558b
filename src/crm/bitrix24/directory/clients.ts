import type { ManagerId } from '../../../domain/base/ids.ts';
import type { ContactPerson, Deal } from '../../../domain/directory/client.ts';
import type { SourceClient } from '../../../domain/directory/directory-source.ts';
import type { Identifier } from '../../../domain/interaction/interaction.ts';
import { type Fields, fields, id, joinedName, list, word } from '../../../runtime/http/fields.ts';
import { type CardKind, cardText } from '../cards/card.ts';
import { cardNumber, type Row } from './rows.ts';
import type { DirectorySettings } from './settings.ts';
import type { StatusNames } from './status-names.ts';

/** The fields that are read of each kind. */
export function selectOf(kind: 'contact' | 'company' | 'lead', { segment }: DirectorySettings): readonly string[] {
  const own = {
    contact: ['NAME', 'LAST_NAME', 'COMPANY_ID'],
    company: ['TITLE', 'IS_MY_COMPANY'],
    lead: ['TITLE', 'NAME', 'LAST_NAME', 'STATUS_SEMANTIC_ID', 'CONTACT_ID', 'COMPANY_ID'],
  }[kind];
  return [...new Set(['ID', ...own, 'ASSIGNED_BY_ID', 'PHONE', 'EMAIL', segment[kind]])];
}

/** The fields that are read of deals. */
export const dealFields = ['ID', 'TITLE', 'STAGE_ID', 'CATEGORY_ID', 'COMPANY_ID', 'CONTACT_ID'] as const;

/** Whether a lead is a client: it is in progress, and is not about a client that has a card of its own. */
export function isOwnLead({ fields: lead }: Row): boolean {
  return (
    lead.STATUS_SEMANTIC_ID === 'P' && cardNumber(lead.CONTACT_ID) === null && cardNumber(lead.COMPANY_ID) === null
  );
}

/** Converts cards of the portal to clients. */
export interface ClientBuilder {
  readonly settings: DirectorySettings;
  readonly names: StatusNames;
  /** The portal's address without a slash at the end. */
  readonly root: string;
  /** The managers who are these users. */
  readonly managers: ReadonlyMap<number, ManagerId | null>;
}

/** A card as a client. */
export function clientOf(
  kind: 'contact' | 'company' | 'lead',
  row: Row,
  { deals = [], persons = [] }: { readonly deals?: readonly Row[]; readonly persons?: readonly Row[] },
  builder: ClientBuilder,
): SourceClient {
  const { settings, names, root, managers } = builder;
  const own = row.fields;
  const field = settings.segment[kind];
  const segment = word(scalar(own[field]), 128);
  return {
    id: cardText({ kind, id: row.id }),
    name: nameOf(kind, own),
    kind: kind === 'company' ? 'company' : 'person',
    responsible: managers.get(responsibleOf(row) ?? 0) ?? null,
    segment: segment === null ? null : names.ofField(field, segment).slice(0, 128),
    url: urlOf(root, kind, row.id),
    identifiers: identifiersOf(own),
    contacts: persons.map(personOf),
    deals: deals.map((deal) => dealOf(deal, builder)),
    fields: [],
  };
}

/** The id of the user who is responsible for a card, or null. */
export function responsibleOf({ fields: own }: Row): number | null {
  return cardNumber(own.ASSIGNED_BY_ID);
}

function personOf(row: Row): ContactPerson {
  return {
    id: cardText({ kind: 'contact', id: row.id }),
    name: nameOf('contact', row.fields),
    identifiers: identifiersOf(row.fields),
  };
}

function dealOf(row: Row, { names, root }: ClientBuilder): Deal {
  const own = row.fields;
  const stage = word(own.STAGE_ID);
  return {
    id: cardText({ kind: 'deal', id: row.id }),
    name: word(own.TITLE, 300) ?? cardText({ kind: 'deal', id: row.id }),
    stage: stage === null ? null : names.ofStage(id(own.CATEGORY_ID), stage),
    url: urlOf(root, 'deal', row.id),
  };
}

/** An empty name is replaced by the id when it is stored. */
function nameOf(kind: 'contact' | 'company' | 'lead', own: Fields): string {
  const title = word(own.TITLE, 300);
  if (kind === 'company') return title ?? '';
  return joinedName(own.NAME, own.LAST_NAME) ?? title ?? '';
}

function urlOf(root: string, kind: CardKind, card: number): string {
  return `${root}/crm/${kind}/details/${card}/`;
}

/** A field may be a list, such as a user field with several values: the first one counts. */
function scalar(value: unknown): unknown {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' ? String(first) : first;
}

function identifiersOf(own: Fields): readonly Identifier[] {
  const values = (name: 'PHONE' | 'EMAIL', kind: 'phone' | 'email') =>
    list(own[name]).flatMap((item) => {
      const value = word(fields(item).VALUE, 256);
      return value === null ? [] : [{ kind, value }];
    });
  return [...values('PHONE', 'phone'), ...values('EMAIL', 'email')];
}
