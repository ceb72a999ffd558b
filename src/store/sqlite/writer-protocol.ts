import type { Branded } from '../../domain/ids.ts';
import type { Change, Write, WriteResult } from '../../domain/writes.ts';
import { interactionText } from '../shared/interactions.ts';

/*
 * What the main thread and the writer thread say to each other. Everything of one turn goes over as one text: a message and a
 * structured clone for each batch cost more than the writing.
 */

/** Writes that are to be committed together. Ids grow. */
export interface BatchRequest {
  readonly id: number;
  readonly batch: readonly Write[];
}

/** How a batch ended. */
export type BatchAnswer =
  | { readonly id: number; readonly results: readonly WriteResult[] }
  | { readonly id: number; readonly error: string };

/** To the thread: batches to carry out. */
export type Requests = Branded<'Requests'>;
/** To the thread: what there is to do. `close` finishes what was asked for before. */
export type ToWriter = Requests | 'close';

/** From the thread: how batches ended. */
export type Answers = Branded<'Answers'>;
/** From the thread: answers, or that the database is open and migrated, or closed. */
export type FromWriter = Answers | 'open' | 'closed';

export function encodeRequests(requests: readonly BatchRequest[]): Requests {
  return JSON.stringify(requests) as Requests;
}

export function decodeRequests(text: Requests): readonly BatchRequest[] {
  return JSON.parse(text) as readonly BatchRequest[];
}

/** Writes answers down by hand, because the text of a changed interaction, most of an answer, is there already: it was stored. */
export function encodeAnswers(answers: readonly BatchAnswer[]): Answers {
  const texts = answers.map((answer) =>
    'error' in answer ? JSON.stringify(answer) : `{"id":${answer.id},"results":[${answer.results.map(resultText)}]}`,
  );
  return `[${texts}]` as Answers;
}

export function decodeAnswers(text: Answers): readonly BatchAnswer[] {
  return JSON.parse(text) as readonly BatchAnswer[];
}

function resultText(result: WriteResult): string {
  return result.ok ? `{"ok":true,"changes":[${result.changes.map(changeText)}]}` : JSON.stringify(result);
}

function changeText({ interaction, desk }: Change): string {
  return `{"interaction":${interactionText(interaction)},"desk":${JSON.stringify(desk)}}`;
}
