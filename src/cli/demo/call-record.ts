/** One dial attempt in the call record of the simulated PBX. Times are in milliseconds. */
export interface RecordedAttempt {
  /** Null if no phone rang. */
  readonly extension: string | null;
  readonly begun: number;
  readonly ended: number;
  readonly answered: number | null;
}

/** The caller's channel. */
export interface RecordedCaller {
  readonly name: string;
  readonly uniqueid: string;
  readonly linkedid: string;
  readonly source: string;
  readonly did: string;
}

/** A line of Master.csv in UTC, with `loguniqueid`, `loguserfield` and `newcdrcolumns`. Columns as in Asterisk's cdr.conf.sample. */
export function recordLine(attempt: RecordedAttempt, caller: RecordedCaller, sequence: number): string {
  const { extension, begun, ended, answered } = attempt;
  const seconds = (from: number) => Math.round((ended - from) / 1000);
  const cells = [
    '',
    caller.source,
    caller.did,
    'from-pstn',
    `"" <${caller.source}>`,
    caller.name,
    extension === null ? '' : `PJSIP/${extension}-${sequence.toString(16).padStart(8, '0')}`,
    extension === null ? 'AGI' : 'Dial',
    extension === null ? '' : `PJSIP/${extension}`,
    stamp(begun),
    answered === null ? '' : stamp(answered),
    stamp(ended),
    seconds(begun),
    answered === null ? 0 : seconds(answered),
    answered === null ? 'NO ANSWER' : 'ANSWERED',
    'DOCUMENTATION',
    caller.uniqueid,
    '',
    '',
    caller.linkedid,
    sequence,
  ];
  return `${cells.map((cell) => (typeof cell === 'number' ? cell : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`;
}

function stamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
