import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { DirectoryPage } from '../../../domain/directory/directory-source.ts';
import { parseJson } from '../../../runtime/http/fields.ts';
import { unreadable } from '../api/errors.ts';
import { isOwnLead, selectOf } from './clients.ts';
import {
  type ClientCard,
  companyClients,
  contactClients,
  type Describing,
  isClientCompany,
  isWithoutCompany,
  leadClients,
} from './current.ts';
import { pageSize } from './lists.ts';
import type { Row } from './rows.ts';

const kinds = ['contact', 'company', 'lead'] as const;

/** Where a full reading stopped. `since` is the portal's time when it began. */
const Position = Type.Object({
  kind: Type.Union([Type.Literal('contact'), Type.Literal('company'), Type.Literal('lead')]),
  last: Type.Number(),
  read: Type.Number(),
  since: Type.String(),
});
type Position = Static<typeof Position>;

/** Pages that are read at once. A company takes several further commands. */
const pagesAtOnce: Readonly<Record<ClientCard, number>> = { contact: 10, company: 4, lead: 10 };

/**
 * Reads contacts, companies and leads in the order of their ids. The end of a kind is reached at the highest id that it
 * had at the beginning: a short or an empty page alone does not prove it.
 *
 * @param now reads the portal's time
 */
export async function* readAll(
  from: string | null,
  now: () => Promise<string>,
  about: Describing,
): AsyncGenerator<DirectoryPage> {
  const { lists, settings } = about;
  let position: Position = parsePosition(from) ?? { kind: 'contact', last: 0, read: 0, since: await now() };
  const wanted: readonly ClientCard[] = kinds.filter((kind) => kind !== 'lead' || settings.leads);
  const heads = await lists.heads(wanted);
  const total = [...heads.values()].reduce((sum, head) => sum + head.total, 0);
  for (const kind of wanted.slice(wanted.indexOf(position.kind))) {
    if (kind !== position.kind) position = { ...position, kind, last: 0 };
    let highest = heads.get(kind)?.highest ?? 0;
    while (position.last < highest) {
      const count = Math.min(pagesAtOnce[kind], Math.ceil((highest - position.last) / pageSize));
      const query = { kind, filter: {}, select: selectOf(kind, settings) };
      const rows = await lists.pages(query, position.last, count);
      if (rows.length === 0) {
        // The last cards may have been deleted meanwhile.
        highest = (await lists.heads([kind])).get(kind)?.highest ?? 0;
        if (position.last < highest) throw unreadable();
        break;
      }
      position = { ...position, last: rows.at(-1)?.id ?? highest, read: position.read + rows.length };
      yield {
        clients: await clientsOf(kind, rows, about),
        removed: [],
        cursor: null,
        place: JSON.stringify(position),
        progress: { read: position.read, total: Math.max(total, position.read) },
      };
    }
  }
  yield { clients: [], removed: [], cursor: JSON.stringify({ since: position.since }) };
}

/** The clients that some cards are. Contacts with a company come with it. */
function clientsOf(kind: ClientCard, rows: readonly Row[], about: Describing) {
  switch (kind) {
    case 'contact':
      return contactClients(rows.filter(isWithoutCompany), about);
    case 'company':
      return companyClients(rows.filter(isClientCompany), about);
    case 'lead':
      return leadClients(rows.filter(isOwnLead), about);
  }
}

function parsePosition(text: string | null): Position | null {
  const position = text === null ? null : parseJson(text);
  return Value.Check(Position, position) ? position : null;
}
