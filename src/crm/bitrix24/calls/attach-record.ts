import type { Readable } from 'node:stream';
import { reason } from '../../../domain/reasons/reasons.ts';
import { type Fields, fields, id, text } from '../../../runtime/http/fields.ts';
import { requestJson } from '../../../runtime/http/json.ts';
import { multipartOf } from '../../../runtime/http/multipart.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Sound } from '../../../runtime/recording-sound.ts';
import { portalError, service } from '../api/errors.ts';
import type { Bitrix24Config } from '../schema.ts';
import type { CallAttempt } from './call-attempt.ts';
import type { RecordStep } from './plan.ts';
import { recordStep } from './reported.ts';

const attachMethod = 'telephony.externalCall.attachRecord';
const megabyte = 1024 * 1024;
/** The extension under which the portal accepts a sound; it takes no other types. */
const extensions: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
};

/** Whether the portal takes a sound, as far as is known of it. */
export function isAttachable(
  { mime, bytes }: { readonly mime: string | null; readonly bytes: number | null },
  { calls }: Pick<Bitrix24Config, 'calls'>,
): boolean {
  const isTaken = mime !== null && Object.hasOwn(extensions, mime);
  return isTaken && bytes !== 0 && (bytes ?? 0) <= calls.largestRecord * megabyte;
}

/**
 * Attaches a recording to a finished call. A repeat replaces it, so that nothing has to be asked.
 */
export async function attachRecord(attempt: CallAttempt, step: RecordStep, callId: string): Promise<void> {
  const { ledger, parts } = attempt;
  const { context } = parts;
  const sound = await context.recording(step.recording.id);
  // The file may be moved or converted at this moment, or its directory not be mounted.
  if (sound === null) throw new ServiceError('later', reason('recordingNotFound'));
  const extension = extensions[sound.mime];
  if (extension === undefined || !isAttachable(sound, parts.config)) {
    const facts = { interaction: attempt.call.id, recording: step.recording.id, mime: sound.mime, bytes: sound.bytes };
    context.log.warn(facts, 'a recording was not attached: Bitrix24 takes mp3 and wav up to `calls.largestRecord`');
    return;
  }
  const name = `${attempt.call.id}-${step.part}.${extension}`;
  await ledger.once({
    name: recordStep(step.part, step.recording.id),
    call: () => send(attempt, { callId, name, sound }),
    settle: async () => ({ done: false }),
  });
}

interface Upload {
  readonly callId: string;
  readonly name: string;
  readonly sound: Sound;
}

async function send(attempt: CallAttempt, upload: Upload): Promise<string | null> {
  const isInline = upload.sound.bytes <= attempt.parts.config.calls.inlineRecords * megabyte;
  const result = isInline ? await sendInline(attempt, upload) : await sendFile(attempt, upload);
  const file = id(result.FILE_ID);
  if (file === null) throw new ServiceError('unknown', reason('answerUnclear', { service }));
  return file;
}

async function sendInline({ parts, signal }: CallAttempt, { callId, name, sound }: Upload): Promise<Fields> {
  const content = await contentOf(await sound.open());
  const parameters = { CALL_ID: callId, FILENAME: name, FILE_CONTENT: content.toString('base64') };
  return fields((await parts.portal.call(attachMethod, parameters, { signal })).result);
}

async function sendFile({ parts, signal }: CallAttempt, { callId, name, sound }: Upload): Promise<Fields> {
  const { portal, http } = parts;
  const { result } = await portal.call(attachMethod, { CALL_ID: callId, FILENAME: name }, { signal });
  const { uploadUrl, fieldName } = fields(result);
  const url = text(uploadUrl) ?? '';
  if (!URL.canParse(url)) throw new ServiceError('later', reason('fileNowhere', { service }));
  const { mime, bytes } = sound;
  // A file that grows meanwhile must not be longer than announced.
  const open = () => sound.open({ start: 0, end: bytes - 1 });
  const form = multipartOf({}, text(fieldName) ?? 'file', { name, mime, bytes, open });
  const request = { method: 'POST', url, ...form, signal, externalUrl: true, timeout: http.timeout * 4 } as const;
  return fields((await requestJson(http, service, request, portalError)).result);
}

async function contentOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
