import type { Branded } from '../../domain/base/ids.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { Change, Write, WriteResult } from '../../domain/ports/writes.ts';
import type { CleanBatch } from '../shared/clean-batch.ts';
import { completed, type StoredInteraction } from '../shared/interaction-body.ts';
import type { Migration } from '../shared/migration.ts';

/*
 * Messages between the main thread and the writer thread. Everything of one event-loop turn is sent in a few texts, with
 * a line of JSON per batch, because a message and a structured clone for each batch would cost more than writing it.
 * Lines are decoded one by one, when their turn comes: 500 batches decoded at once outlive the young generation, which
 * doubles the cost of garbage collection.
 */

/** In characters. V8 allocates strings above 128 KB separately, which causes a page fault for each of their pages. */
const textSize = 64 * 1024;

/** A SQLite file, and the migrations for its schema. */
export interface DatabaseFile {
  readonly path: string;
  readonly migrations: readonly Migration[];
}

/** Start parameters of the thread. */
export interface WriterThreadData extends DatabaseFile {
  readonly settings: WriteSettings;
  /** Shared memory: the id of the last batch in the group whose commit was begun last. */
  readonly begun: Float64Array;
}

/** Removes some of the oldest interactions before a time or, if none is left, the remaining data from before it. */
export interface ForgetWrite {
  readonly op: 'forget';
  /** Milliseconds since the epoch. */
  readonly before: number;
  readonly limit: number;
}

/** Writes that this store accepts. `forget` is only used internally. */
export type SqliteWrite = Write | ForgetWrite;

/** Writes to commit together. Ids ascend. */
export interface BatchRequest {
  readonly id: number;
  readonly batch: CleanBatch<SqliteWrite>;
}

/** The result of a batch. */
export type BatchAnswer =
  | { readonly id: number; readonly results: readonly WriteResult[] }
  /** `code` is the database's own error code. */
  | { readonly id: number; readonly error: string; readonly code: string };

/** An answer whose interactions are as they were stored. */
type EncodedAnswer =
  | Extract<BatchAnswer, { error: string }>
  | { readonly id: number; readonly results: readonly EncodedResult[] };
type EncodedResult =
  | Extract<WriteResult, { ok: false }>
  | (Omit<Extract<WriteResult, { ok: true }>, 'changes'> & {
      readonly changes: readonly { readonly interaction: StoredInteraction; readonly desk: Change['desk'] }[];
    });

/** A change with its interaction as it was stored, so that the text is sent without encoding it again. */
export interface StoredChange extends Change {
  readonly text: string;
}

/** The same for a lead or task. */
export type StoredFollowUp = FollowUp & { readonly text: string };

/** A batch as one line of JSON. */
export type RequestLine = Branded<'RequestLine'>;
/** The result of a batch as one line of JSON. */
export type AnswerLine = Branded<'AnswerLine'>;
/** Lines joined by line feeds. */
export type Lines<Line extends string> = Branded<'Lines'> & { readonly line?: Line };

/** Messages to the thread: batches, or an order to finish pending work and end. */
export type ToWriter = Lines<RequestLine> | 'close';
/** Messages from the thread: results of batches, or that the database is open and migrated, or closed. */
export type FromWriter = Lines<AnswerLine> | 'open' | 'closed';

export function encodeRequest(request: BatchRequest): RequestLine {
  return JSON.stringify(request) as RequestLine;
}

export function decodeRequest(line: RequestLine): BatchRequest {
  return JSON.parse(line) as BatchRequest;
}

/**
 * Encodes an answer by hand, because most of its text already exists: the JSON of stored interactions, leads and
 * tasks.
 */
export function encodeAnswer(answer: BatchAnswer): AnswerLine {
  if ('error' in answer) return JSON.stringify(answer) as AnswerLine;
  return `{"id":${answer.id},"results":[${answer.results.map(resultText)}]}` as AnswerLine;
}

/** Decodes an answer. Its interactions come without their empty fields. */
export function decodeAnswer(line: AnswerLine): BatchAnswer {
  const answer = JSON.parse(line) as EncodedAnswer;
  return 'error' in answer ? answer : { id: answer.id, results: answer.results.map(completedResult) };
}

function completedResult(result: EncodedResult): WriteResult {
  if (!result.ok) return result;
  return {
    ...result,
    changes: result.changes.map(({ interaction, desk }) => ({ interaction: completed(interaction), desk })),
  };
}

/**
 * Joins lines to texts of about {@link textSize}. That keeps messages few, but short enough that memory need not be
 * requested from the system for each.
 */
export function joinLines<Line extends string>(lines: readonly Line[]): readonly Lines<Line>[] {
  const texts: Lines<Line>[] = [];
  let from = 0;
  let size = 0;
  for (const [at, line] of lines.entries()) {
    size += line.length;
    if (size < textSize && at < lines.length - 1) continue;
    texts.push(lines.slice(from, at + 1).join('\n') as Lines<Line>);
    from = at + 1;
    size = 0;
  }
  return texts;
}

export function splitLines<Line extends string>(lines: Lines<Line>): readonly Line[] {
  return lines.split('\n') as unknown as readonly Line[];
}

function resultText(result: WriteResult): string {
  if (!result.ok) return JSON.stringify(result);
  return `{"ok":true,"changes":[${result.changes.map(changeText)}],"followUps":[${result.followUps.map(followUpText)}]}`;
}

function changeText(change: Change | StoredChange): string {
  const text = 'text' in change ? change.text : JSON.stringify(change.interaction);
  return `{"interaction":${text},"desk":${JSON.stringify(change.desk)}}`;
}

function followUpText(news: FollowUp | StoredFollowUp): string {
  return 'text' in news ? `{"kind":"${news.kind}","${news.kind}":${news.text}}` : JSON.stringify(news);
}
