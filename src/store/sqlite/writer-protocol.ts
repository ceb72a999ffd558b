import type { Branded } from '../../domain/base/ids.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { Change, Write, WriteResult } from '../../domain/ports/writes.ts';
import type { CleanBatch } from '../shared/clean-batch.ts';
import type { Migration } from '../shared/migration.ts';

/*
 * What the main thread and the writer thread say to each other. Everything of one turn goes over in a few texts, a line of JSON
 * for each batch: a message and a structured clone for each cost more than the writing. Lines are read one by one, when their
 * turn comes: 500 batches read at once outlive the young generation, and the garbage collector's share doubles.
 */

/** Characters. V8 keeps what takes more than 128 KB apart, where each string costs as many page faults as it has pages. */
const textSize = 64 * 1024;

/** A SQLite file, and the steps that bring its schema up to date. */
export interface DatabaseFile {
  readonly path: string;
  readonly migrations: readonly Migration[];
}

/** What the thread is started with. */
export interface WriterThreadData extends DatabaseFile {
  readonly settings: WriteSettings;
  /** Shared: the id of the last batch of the group whose commit was begun last. */
  readonly begun: Float64Array;
}

/** Removes a few of the oldest interactions of before a moment, or, where none is left, what else goes with them. */
export interface ForgetWrite {
  readonly op: 'forget';
  /** Milliseconds since the epoch. */
  readonly before: number;
  readonly limit: number;
}

/** What this store can be asked for: its own share is never asked for from outside. */
export type SqliteWrite = Write | ForgetWrite;

/** Writes that are to be committed together. Ids grow. */
export interface BatchRequest {
  readonly id: number;
  readonly batch: CleanBatch<SqliteWrite>;
}

/** How a batch ended. */
export type BatchAnswer =
  | { readonly id: number; readonly results: readonly WriteResult[] }
  /** `code` is the database's own. */
  | { readonly id: number; readonly error: string; readonly code: string };

/** A change with its interaction as JSON: the text that was stored is the one that is told. */
export interface StoredChange extends Change {
  readonly text: string;
}

/** The same of a lead or task. */
export type StoredFollowUp = FollowUp & { readonly text: string };

/** A batch as one line of JSON. */
export type RequestLine = Branded<'RequestLine'>;
/** How a batch ended, as one line of JSON. */
export type AnswerLine = Branded<'AnswerLine'>;
/** Lines with a line feed between two. */
export type Lines<Line extends string> = Branded<'Lines'> & { readonly line?: Line };

/** To the thread: batches to carry out, or to finish what was asked for before and end. */
export type ToWriter = Lines<RequestLine> | 'close';
/** From the thread: how batches ended, or that the database is open and migrated, or closed. */
export type FromWriter = Lines<AnswerLine> | 'open' | 'closed';

export function encodeRequest(request: BatchRequest): RequestLine {
  return JSON.stringify(request) as RequestLine;
}

export function decodeRequest(line: RequestLine): BatchRequest {
  return JSON.parse(line) as BatchRequest;
}

/** Writes an answer down by hand, because the texts of changed interactions, leads and tasks, most of it, are there already: they were stored. */
export function encodeAnswer(answer: BatchAnswer): AnswerLine {
  if ('error' in answer) return JSON.stringify(answer) as AnswerLine;
  return `{"id":${answer.id},"results":[${answer.results.map(resultText)}]}` as AnswerLine;
}

export function decodeAnswer(line: AnswerLine): BatchAnswer {
  return JSON.parse(line) as BatchAnswer;
}

/**
 * Lines put together to texts of about {@link textSize}: few messages, and none of them so long that memory has to be
 * asked of the system for it and given back.
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
