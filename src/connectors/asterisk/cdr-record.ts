import { type EventKey, eventKey } from '../../domain/base/ids.ts';
import type { CallLeg, CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Endpoints } from './endpoints/endpoints.ts';
import { isWithheld } from './tracker/model.ts';

/** A row of Master.csv (cdr_csv). Its columns are described in Asterisk's cdr.conf.sample, [csv]. */
export interface CdrRow {
  readonly source: string;
  readonly destination: string;
  readonly channel: string;
  readonly destinationChannel: string;
  readonly start: number;
  readonly answer: number | null;
  readonly end: number;
  readonly disposition: string;
  readonly uniqueid: string;
  readonly linkedid: string;
}

/** Rules for interpreting the rows. */
export interface CdrRules {
  readonly connection: string;
  readonly endpoints: Endpoints;
  /** Converts a local time of the record (`2026-11-24 09:00:00`) to milliseconds; NaN if it is invalid. */
  readonly toInstant: (text: string) => number;
}

/**
 * Parses a line. Null if it is not a call record (incomplete, or of another module) or has no linkedid. Local channels and
 * transfers have rows of their own, which without a linkedid would become separate calls.
 */
export function parseCdrLine(line: string, rules: CdrRules): CdrRow | null {
  const cells = splitCsv(line);
  const [
    ,
    source = '',
    destination = '',
    ,
    ,
    channel = '',
    destinationChannel = '',
    ,
    ,
    start = '',
    answer = '',
    end = '',
  ] = cells;
  const startAt = rules.toInstant(start);
  const endAt = rules.toInstant(end);
  const uniqueid = cells[16] ?? '';
  // newcdrcolumns=yes adds peeraccount, linkedid and sequence after all other columns.
  const linkedid = cells.length >= 19 ? (cells.at(-2) ?? '') : '';
  if (Number.isNaN(startAt) || Number.isNaN(endAt) || uniqueid === '' || linkedid === '') return null;
  const answerAt = rules.toInstant(answer);
  return {
    source,
    destination,
    channel,
    destinationChannel,
    start: startAt,
    answer: Number.isNaN(answerAt) ? null : answerAt,
    end: endAt,
    disposition: cells[14] ?? '',
    uniqueid,
    linkedid,
  };
}

/** Builds a call from the rows with the same linkedid. The record has no transfers, and not when each phone rang. */
export function callOfRows(unsorted: readonly CdrRow[], rules: CdrRules): CallSnapshot {
  // Rows are written in order of their end. The caller's row is the one that started first and is not of a Local channel.
  const rows = [...unsorted].sort((a, b) => a.start - b.start || Number(isLocal(a)) - Number(isLocal(b)));
  const first = rows.find((row) => !isLocal(row)) ?? rows[0];
  if (first === undefined) throw new Error('a call needs at least one row of the record');
  const ours = (channel: string) => extensionOf(channel, rules);
  const caller = ours(first.channel);
  const called = rows.map((row) => ours(row.destinationChannel)).find((extension) => extension !== null) ?? null;
  const direction = caller === null ? 'inbound' : called === null ? 'outbound' : 'internal';
  const legs = rows.flatMap((row) => legOf(row, direction === 'outbound' ? caller : ours(row.destinationChannel)));
  const talked = legs.some((leg) => leg.talkedAt !== null);
  const raw = direction === 'inbound' ? first.source : first.destination;
  return {
    kind: 'call',
    key: eventKey(rules.connection, first.linkedid),
    aliases: [...new Set(rows.map((row) => eventKey(rules.connection, row.uniqueid)))].filter(
      (key) => key !== keyOf(first, rules),
    ),
    connection: rules.connection,
    basis: 'record',
    direction,
    state: talked
      ? 'answered'
      : direction === 'inbound'
        ? 'missed'
        : first.disposition === 'FAILED'
          ? 'failed'
          : 'unanswered',
    party: { raw, name: null, withheld: isWithheld(raw) },
    dialled: direction === 'inbound' ? first.destination || null : null,
    startedAt: Math.min(...rows.map((row) => row.start)),
    endedAt: Math.max(...rows.map((row) => row.end)),
    legs,
    transfers: [],
    recordings: [],
    reconstructed: true,
  };
}

function isLocal(row: CdrRow): boolean {
  return row.channel.startsWith('Local/');
}

function keyOf(row: CdrRow, rules: CdrRules): EventKey {
  return eventKey(rules.connection, row.linkedid);
}

function legOf(row: CdrRow, extension: string | null): readonly CallLeg[] {
  if (extension === null) return [];
  const answered = row.disposition === 'ANSWERED' && row.answer !== null;
  const outcome = answered
    ? 'answered'
    : row.disposition === 'BUSY'
      ? 'busy'
      : row.disposition === 'FAILED'
        ? 'failed'
        : 'no_answer';
  return [
    {
      kind: 'extension',
      extension,
      phone: null,
      rangAt: row.start,
      talkedAt: answered ? row.answer : null,
      endedAt: row.end,
      outcome,
    },
  ];
}

function extensionOf(channel: string, rules: CdrRules): string | null {
  return rules.endpoints.ofChannel(channel).extension;
}

/** Splits a line of cdr_csv, in which texts are quoted and quotes doubled. */
function splitCsv(line: string): readonly string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  }
  return cells;
}
