import { unreadable } from '../api/errors.ts';
import type { Answer, CallOptions, Command, Portal } from '../api/portal.ts';
import type { CardKind } from '../cards/card.ts';
import { answered, cardNumber, isNotFound, type Row, rowsOf } from './rows.ts';

/** Rows of each page of a list. The portal fixes it. */
export const pageSize = 50;

/** Commands of one request. Lists are few, because a request may take 60 seconds at most. */
const listsPerBatch = 10;
const looksPerBatch = 50;

/** More pages of one list than any client needs. */
const maxPages = 20;

/** A list that is read whole, in the order of ids. */
export interface Query {
  readonly kind: CardKind;
  readonly filter: Readonly<Record<string, unknown>>;
  readonly select: readonly string[];
}

/** The highest id of a kind, and the number of its cards. */
export interface Head {
  readonly highest: number;
  readonly total: number;
}

/**
 * Reads cards in batches. Any command that fails, or is answered oddly, rejects the whole reading with a ServiceError.
 */
export class Lists {
  readonly #portal: Portal;
  readonly #options: CallOptions;

  constructor(portal: Portal, options: CallOptions) {
    this.#portal = portal;
    this.#options = options;
  }

  /** Runs commands in as many requests as it takes. The answers are in the order of the commands. */
  async run(commands: readonly Command[], perBatch: number): Promise<readonly (Answer | Error | undefined)[]> {
    const answers: (Answer | Error | undefined)[] = [];
    for (const part of parts(commands, perBatch)) {
      const named = Object.fromEntries(part.map((command, i) => [`c${i}`, command]));
      const found: Readonly<Record<string, Answer | Error>> = await this.#portal.batch(named, this.#options);
      answers.push(...part.map((_, i) => found[`c${i}`]));
    }
    return answers;
  }

  /** All rows of some lists. */
  async whole(queries: readonly Query[]): Promise<readonly (readonly Row[])[]> {
    const found = queries.map((): Row[] => []);
    let open = queries.map((_, i) => i);
    for (let page = 0; open.length > 0 && page < maxPages; page += 1) {
      const wanted = open.map((i) => ({ query: queries[i] as Query, after: found[i]?.at(-1)?.id ?? 0 }));
      const pages = await this.firstPages(wanted);
      open = open.filter((i, n) => {
        const rows = pages[n] ?? [];
        found[i]?.push(...rows);
        return rows.length >= pageSize;
      });
    }
    return found;
  }

  /** One page of each list after an id. */
  async firstPages(
    wanted: readonly { readonly query: Query; readonly after: number }[],
  ): Promise<readonly (readonly Row[])[]> {
    const answers = await this.run(
      wanted.map(({ query, after }) => listAfter(query, after)),
      listsPerBatch,
    );
    return wanted.map(({ after }, i) => ascending(rowsOf(answers[i]), after));
  }

  /** The cards with these ids, as far as they exist and we may see them. */
  async byIds(kind: CardKind, ids: Iterable<number>, select: readonly string[]): Promise<Map<number, Row>> {
    const chunks = parts([...new Set(ids)], pageSize);
    const commands = chunks.map((part) => listAfter({ kind, filter: { '@ID': part }, select }, 0));
    const answers = await this.run(commands, listsPerBatch);
    const rows = chunks.flatMap((part, i) => {
      const found = rowsOf(answers[i]);
      if (found.some(({ id }) => !part.includes(id))) throw unreadable();
      return found;
    });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Those of the cards that the portal says it does not have. One that we may not see is not among them. */
  async gone(kind: CardKind, ids: readonly number[]): Promise<readonly number[]> {
    const commands = ids.map((id) => ({ method: `crm.${kind}.get`, parameters: { id } }));
    const answers = await this.run(commands, looksPerBatch);
    return ids.filter((_, i) => {
      const answer = answers[i];
      if (answer === undefined) throw unreadable();
      if (!(answer instanceof Error)) return false;
      if (isNotFound(answer)) return true;
      if ('trouble' in answer && (answer.trouble === 'refused' || answer.trouble === 'access')) return false;
      throw answer;
    });
  }

  /** Ids of the contact persons of companies, or of the companies of contacts. */
  async bound(kind: 'contact' | 'company', ids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    const [other, key] = kind === 'contact' ? ['company', 'COMPANY_ID'] : ['contact', 'CONTACT_ID'];
    const commands = ids.map((id) => ({ method: `crm.${kind}.${other}.items.get`, parameters: { id } }));
    const answers = await this.run(commands, looksPerBatch);
    const found = new Map<number, readonly number[]>();
    ids.forEach((id, i) => {
      const answer = answers[i];
      // The card was deleted meanwhile; that is found out in another way.
      if (answer instanceof Error && isNotFound(answer)) return;
      const { result } = answered(answer);
      if (!Array.isArray(result)) throw unreadable();
      found.set(
        id,
        result.flatMap((row) => cardNumber((row as Readonly<Record<string, unknown>> | null)?.[key]) ?? []),
      );
    });
    return found;
  }

  /** The highest ids, by which the end of a reading is recognised. */
  async heads(kinds: readonly CardKind[]): Promise<ReadonlyMap<CardKind, Head>> {
    const commands = kinds.map((kind) => ({
      method: `crm.${kind}.list`,
      parameters: { order: { ID: 'DESC' }, select: ['ID'], start: 0 },
    }));
    const answers = await this.run(commands, listsPerBatch);
    return new Map(
      kinds.map((kind, i) => {
        const [highest] = rowsOf(answers[i]);
        const { total } = answered(answers[i]);
        // An empty list without a count is no statement that there are no cards.
        if (total === null || total > 0 !== (highest !== undefined)) throw unreadable();
        return [kind, { highest: highest?.id ?? 0, total }];
      }),
    );
  }

  /** Up to ten pages after an id, of which each command takes the end of the one before from the portal itself. */
  async pages(query: Query, after: number, count: number): Promise<readonly Row[]> {
    const commands = Array.from({ length: Math.min(count, listsPerBatch) }, (_, i) =>
      listAfter(query, i === 0 ? after : `$result[c${i - 1}][${pageSize - 1}][ID]`),
    );
    const answers = await this.run(commands, listsPerBatch);
    const found: Row[] = [];
    for (const answer of answers) {
      const rows = ascending(rowsOf(answer), found.at(-1)?.id ?? after);
      found.push(...rows);
      // After a short page, the commands that follow have read from the beginning.
      if (rows.length < pageSize) break;
    }
    return found;
  }
}

/** A page of a list after an id, not counted. */
function listAfter({ kind, filter, select }: Query, after: number | string): Command {
  return {
    method: `crm.${kind}.list`,
    parameters: { order: { ID: 'ASC' }, filter: { ...filter, '>ID': after }, select, start: -1 },
  };
}

/** Cuts a list into parts of at most `size`. */
export function parts<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function ascending(rows: readonly Row[], after: number): readonly Row[] {
  let last = after;
  for (const { id } of rows) {
    if (id <= last) throw unreadable();
    last = id;
  }
  return rows;
}
