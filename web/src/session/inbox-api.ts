import type { ListedConversation, Page } from '../../../src/domain/ports/queries.ts';
import type { CannedAnswerView } from '../../../src/domain/written/canned-answer.ts';
import { call, type Listing, post, RefusedError } from './api.ts';

/** Unanswered conversations in each scope. Counting stops at a thousand. */
export interface ConversationCounts {
  readonly mine: number;
  readonly department: number;
  readonly nobody: number;
  readonly all: number;
}

/** A line to filter by. */
export interface LineHead {
  readonly id: string;
  readonly label: string;
  readonly channel: string;
}

/** What became of one conversation of many. */
export interface BulkResult {
  readonly id: string;
  readonly problem: { readonly type: 'not-found' | 'conflict' | 'invalid' | 'unavailable' } | null;
}

type Query = Readonly<Record<string, string>>;

/** A page of conversations. */
export const listConversations = (query: Query) =>
  call<Page<ListedConversation>>(`/conversations?${new URLSearchParams(query)}`);
export const countConversations = (query: Query) =>
  call<ConversationCounts>(`/conversations/counts?${new URLSearchParams(query)}`);
/** Hands conversations over, each named by one of its interactions. */
export const handOverAll = async (
  interactions: readonly string[],
  to: { readonly to: string } | { readonly department: string },
  note: string,
) =>
  (await post<Listing<BulkResult>>('/conversations/handover', { interactions, ...to, ...(note !== '' && { note }) }))
    .items;
export const closeAll = async (interactions: readonly string[]) =>
  (await post<Listing<BulkResult>>('/conversations/close', { interactions })).items;

let lines: Promise<readonly LineHead[]> | null = null;
let answers: Promise<readonly CannedAnswerView[]> | null = null;

/** The lines of letters, messages and forms. Read once; a failed reading is repeated. */
export function writtenLines(): Promise<readonly LineHead[]> {
  lines ??= call<Listing<LineHead>>('/lines').then(
    ({ items }) => items.filter(({ channel }) => channel !== 'call'),
    (error: unknown) => {
      lines = null;
      throw error;
    },
  );
  return lines;
}

/** The files of a canned answer. */
export function filesOf({ id, files }: CannedAnswerView): Promise<readonly File[]> {
  return Promise.all(
    files.map(async ({ name, mime }, n) => {
      const response = await fetch(`/api/v1/answers/${id}/files/${n}`, { credentials: 'same-origin' });
      if (!response.ok) throw new RefusedError(response.status, null);
      return new File([await response.blob()], name, { type: mime });
    }),
  );
}

/** The canned answers. Read once; a failed reading is repeated. */
export function cannedAnswers(): Promise<readonly CannedAnswerView[]> {
  answers ??= call<Listing<CannedAnswerView>>('/answers').then(
    ({ items }) => items,
    (error: unknown) => {
      answers = null;
      throw error;
    },
  );
  return answers;
}
