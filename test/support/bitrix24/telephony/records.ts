import type { PortalCore } from '../core.ts';
import { coreError } from '../errors.ts';
import type { Call, Method } from '../method.ts';
import type { StatisticsRow, Utterance } from '../state.ts';
import { type Fields, isFields, textOf } from '../values.ts';

const notFinished = 'Call is not found in the statistic table. It looks like it is not finished yet.';

/** What belongs to a finished call: its record and its transcript. */
export const recordMethods: readonly Method[] = [
  {
    name: 'telephony.externalCall.attachRecord',
    scopes: ['telephony'],
    parameters: ['CALL_ID', 'FILENAME', 'FILE_CONTENT', 'RECORD_URL'],
    run: attachRecord,
  },
  {
    name: 'telephony.call.attachTranscription',
    scopes: ['telephony', 'call'],
    parameters: ['CALL_ID', 'COST', 'COST_CURRENCY', 'MESSAGES'],
    run: attachTranscription,
  },
];

async function attachRecord({ core, parameters }: Call): Promise<Fields> {
  const name = parameters.text('FILENAME');
  const url = parameters.text('RECORD_URL');
  const row = core.state.statistics.get(parameters.text('CALL_ID') ?? '');
  if (name === null && url === null && !parameters.has('FILENAME'))
    throw coreError('Required parameters are not set. Request should contain either URL or FILENAME parameter');
  if (row === undefined) throw coreError(notFinished);
  if (url !== null) return { FILE_ID: await attachFromUrl(core, row, url, name) };
  if (name === null) throw coreError('File name is empty');
  checkExtension(name);
  if (!parameters.has('FILE_CONTENT')) {
    const token = core.token('upload');
    core.uploads.set(token, { callId: row.callId, name });
    return { uploadUrl: `${core.root}/rest/upload.json?token=${token}`, fieldName: 'file' };
  }
  const content = parameters.text('FILE_CONTENT');
  if (content === null) throw coreError('File content is empty.');
  if (content.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(content))
    throw coreError('File content is not properly encoded. Base64 encoding is expected.');
  return { FILE_ID: attach(core, row, name, Buffer.from(content, 'base64')) };
}

/** Takes the file of an upload. Null: the token is unknown or used. */
export function takeUpload(core: PortalCore, token: string, bytes: Buffer): Fields | null {
  const upload = core.uploads.get(token);
  const row = core.state.statistics.get(upload?.callId ?? '');
  if (upload === undefined || row === undefined) return null;
  if (bytes.length === 0) throw coreError('File content is empty.');
  core.uploads.delete(token);
  return { FILE_ID: attach(core, row, upload.name, bytes) };
}

/** Downloads a record, as the portal does for `RECORD_URL`. */
export async function attachFromUrl(
  core: PortalCore,
  row: StatisticsRow,
  url: string,
  name: string | null,
): Promise<number> {
  if (!URL.canParse(url)) throw coreError('Wrong record URL');
  const filename = name ?? new URL(url).pathname.split('/').at(-1) ?? '';
  checkExtension(filename);
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (answer === null) throw coreError('Server returns HTTP error code 0');
  if (!answer.ok) throw coreError(`Server returns HTTP error code ${answer.status}`);
  return attach(core, row, filename, Buffer.from(await answer.arrayBuffer()));
}

function checkExtension(name: string): void {
  if (!/\.(wav|mp3)$/i.test(name)) throw coreError('Wrong file extension. Only wav and mp3 are allowed');
}

function attach(core: PortalCore, row: StatisticsRow, name: string, bytes: Buffer): number {
  const id = core.keepFile(name, bytes);
  core.state.records.set(row.callId, { id, callId: row.callId, name, bytes });
  row.recordFileId = id;
  const activity = core.state.activities.get(row.activityId ?? 0);
  if (activity !== undefined) activity.fields = { ...activity.fields, FILES: [{ id, url: `${core.root}/file/${id}` }] };
  return id;
}

function attachTranscription({ core, parameters }: Call): Fields {
  const callId = parameters.text('CALL_ID');
  if (callId === null) throw coreError('CALL_ID should be set');
  const messages = parameters.list('MESSAGES');
  if (messages === null) throw coreError('MESSAGES should be an array');
  const utterances = messages.map((message, index): Utterance => {
    const fail = (what: string) => coreError(`MESSAGES[${index}]${what}`);
    if (!isFields(message)) throw fail(' should be an array');
    const { SIDE: side, START_TIME, STOP_TIME, MESSAGE } = message;
    if (side !== 'User' && side !== 'Client') throw fail('[SIDE] should be either Client or User');
    const start = wholeSeconds(START_TIME);
    if (start === null || start < 0) throw fail('[START_TIME] should be greater or equal to zero');
    const stop = wholeSeconds(STOP_TIME);
    if (stop === null || stop < 1) throw fail('[STOP_TIME] should be greater than zero');
    const text = textOf(MESSAGE) ?? '';
    if (text === '') throw fail('[MESSAGE] is empty');
    for (const name of Object.keys(message))
      if (!['SIDE', 'START_TIME', 'STOP_TIME', 'MESSAGE'].includes(name))
        parameters.complain(`unknown field MESSAGES[${index}][${name}]`);
    return { side, start, stop, text };
  });
  const row = core.state.statistics.get(callId);
  if (row === undefined) throw coreError(`Call ${callId} is not found. Is it finished?`);
  // What the portal does with a second one is not documented, so nobody may rely on it.
  if (row.transcriptId !== null) parameters.complain('a second transcript of one call');
  row.transcriptId = core.nextId('transcript');
  core.state.transcripts.set(callId, utterances);
  return { TRANSCRIPT_ID: row.transcriptId };
}

function wholeSeconds(value: unknown): number | null {
  const text = textOf(value) ?? '';
  return /^-?\d+$/.test(text) ? Number(text) : null;
}
