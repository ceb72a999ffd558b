import { recordingPath } from './recording-path.ts';
import type { ToInstant } from './zone.ts';

/** Values of a row by the names of its columns, which are those of Asterisk's CDR variables and of FreePBX's table. */
export type Columns = (name: string) => string;

/** A row of the PBX's call record, wherever it was read. Times are milliseconds since the epoch; absent texts are empty. */
export interface RecordRow {
  /** Identifies the row within the record, so that a row that is read twice counts once. */
  readonly id: string;
  /** The caller's number. */
  readonly source: string;
  readonly callerName: string;
  /** The last dialplan extension of the channel: a DID, but also `s`, a queue, an extension or a dialled number. */
  readonly destination: string;
  readonly context: string;
  /** The DID in FreePBX's and MikoPBX's own column. */
  readonly did: string;
  readonly channel: string;
  readonly destinationChannel: string;
  /** The last application of the channel, and its data. */
  readonly application: string;
  readonly data: string;
  readonly start: number;
  readonly answer: number | null;
  readonly end: number;
  readonly disposition: string;
  /** The recording as {@link recordingPath} has it; empty if there is none. */
  readonly recording: string;
  readonly uniqueid: string;
  readonly linkedid: string;
}

/**
 * Reads a row. Null if it is not a call record (incomplete, or of another module) or has no linkedid. Local channels and
 * transfers have rows of their own, which without a linkedid would become separate calls.
 */
export function rowOf(column: Columns, toInstant: ToInstant): RecordRow | null {
  const uniqueid = column('uniqueid');
  const linkedid = column('linkedid');
  const started = column('start') || column('calldate');
  const start = toInstant(started);
  const duration = Number(column('duration')) * 1000;
  const written = toInstant(column('end'));
  const end = Number.isNaN(written) ? start + duration : written;
  if (uniqueid === '' || linkedid === '' || Number.isNaN(start) || Number.isNaN(end)) return null;
  const caller = callerIdOf(column('clid'));
  const disposition = dispositionOf(column('disposition'));
  const [channel, destinationChannel] = [column('channel'), column('dstchannel')];
  return {
    id: [uniqueid, column('sequence') || `${destinationChannel}/${start}/${end}`].join('/'),
    source: column('src') || column('cnum') || caller.number,
    callerName: column('cnam') || caller.name,
    destination: column('dst'),
    context: column('dcontext'),
    did: column('did'),
    channel,
    destinationChannel,
    application: column('lastapp'),
    data: column('lastdata'),
    start,
    answer: answerOf(column, toInstant, disposition, end),
    end,
    disposition,
    recording: recordingPath(column('recordingfile'), started),
    uniqueid,
    linkedid,
  };
}

/** Databases without a column for the time of the answer have the seconds from it to the end. */
function answerOf(column: Columns, toInstant: ToInstant, disposition: string, end: number): number | null {
  const written = toInstant(column('answer'));
  if (!Number.isNaN(written)) return written;
  return disposition === 'ANSWERED' ? end - (Number(column('billsec')) || 0) * 1000 : null;
}

/** cdr_adaptive_odbc may write the number of a disposition, and MikoPBX writes `NOANSWER`. */
function dispositionOf(text: string): string {
  const names: Readonly<Record<string, string>> = { '1': 'NO ANSWER', '2': 'FAILED', '4': 'BUSY', '8': 'ANSWERED' };
  const name = text.trim().toUpperCase();
  if (Object.hasOwn(names, name)) return names[name] ?? name;
  return name === 'NOANSWER' || name === 'CANCEL' ? 'NO ANSWER' : name === 'ANSWER' ? 'ANSWERED' : name;
}

/** The parts of a caller id: `"Name, with ""quotes""" <79161234567>`. */
function callerIdOf(text: string): { readonly name: string; readonly number: string } {
  const open = text.lastIndexOf('<');
  if (open < 0 || !text.endsWith('>')) return { name: '', number: '' };
  const name = text.slice(0, open).trim();
  const isQuoted = name.length > 1 && name.startsWith('"') && name.endsWith('"');
  return {
    name: (isQuoted ? name.slice(1, -1) : name).replaceAll('""', '"'),
    number: text.slice(open + 1, -1),
  };
}
