import { useRef, useState } from 'preact/hooks';
import type { ListedConversation } from '../../../../src/domain/ports/queries.ts';
import { type ConversationCounts, countConversations, listConversations } from '../../session/inbox-api.ts';
import { useNews } from '../../session/news.ts';
import { type Filters, narrowing, queryOf } from './filters.ts';

/** Milliseconds between two readings without news: conversations of others change without any. */
const every = 20_000;
/** Conversations of one reading; the API allows no more. */
const pageSize = 200;

/** The conversations that the filters select. */
export interface ConversationList {
  /** Null until they are read. */
  readonly items: readonly ListedConversation[] | null;
  readonly counts: ConversationCounts | null;
  readonly hasFailed: boolean;
  /** Reads the next page; null if there is none. */
  readonly more: (() => void) | null;
  /** Reads everything again. */
  refresh(): void;
}

interface Read {
  readonly of: string;
  readonly items: readonly ListedConversation[];
  readonly next: string | null;
  readonly pages: number;
}

/** Reads the list and the counts, and keeps them up to date. */
export function useConversations(filters: Filters): ConversationList {
  const of = queryOf(filters);
  const [read, setRead] = useState<Read | null>(null);
  const [counts, setCounts] = useState<ConversationCounts | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const latest = useRef(0);
  const pages = read?.of === of ? read.pages : 1;
  const load = (wanted: number) => {
    latest.current += 1;
    const turn = latest.current;
    const ifLatest = (act: () => void) => turn === latest.current && act();
    readPages(filters, wanted).then(
      ({ items, next }) =>
        ifLatest(() => {
          setRead({ of, items, next, pages: wanted });
          setFailed(false);
        }),
      () => ifLatest(() => setFailed(true)),
    );
    countConversations(narrowing(filters)).then(
      (found) => ifLatest(() => setCounts(found)),
      () => {},
    );
  };
  const refresh = useRef(() => {});
  refresh.current = () => load(pages);
  useNews('conversations', () => refresh.current(), [of], every);
  const isRead = read?.of === of;
  return {
    items: isRead ? read.items : null,
    counts,
    hasFailed,
    more: isRead && read.next !== null ? () => load(pages + 1) : null,
    refresh: () => refresh.current(),
  };
}

async function readPages(filters: Filters, pages: number): Promise<Pick<Read, 'items' | 'next'>> {
  const items: ListedConversation[] = [];
  const { scope, state } = filters;
  let next: string | null = null;
  for (let page = 0; page < pages && (page === 0 || next !== null); page += 1) {
    const cursor: Readonly<Record<string, string>> = next === null ? {} : { cursor: next };
    const found = await listConversations({ scope, state, limit: String(pageSize), ...narrowing(filters), ...cursor });
    items.push(...found.items);
    next = found.next;
  }
  return { items, next };
}
