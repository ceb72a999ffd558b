import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { type Fields, fields, text } from '../../runtime/http/fields.ts';
import { requestJson } from '../../runtime/http/json.ts';
import { multipart } from '../../runtime/http/multipart.ts';
import { ServiceError, withoutUncertainty } from '../../runtime/http/service-error.ts';
import { messageIdOf, ownAccount } from '../shared/messenger.ts';
import type { Recent } from '../shared/recent.ts';
import { partsOf, quotedId, sendParts } from '../shared/sending.ts';
import type { MaxApi } from './api.ts';
import { messageKey } from './message.ts';

const maxTextLength = 4000;

/** Dependencies of sending. */
export interface MaxSending {
  readonly api: MaxApi;
  readonly http: HttpClient;
  readonly blobs: Blobs;
  readonly connection: string;
  /** Uploaded files. They are reused by retries, because MAX refuses a file until it has processed it. */
  readonly uploaded: Recent<Fields>;
}

/** Sends a message: first the text, then each file as a message of its own. If there is only one file, the text is sent with it. */
export async function sendMessage(
  { id: outbound, content }: Outbound,
  tools: MaxSending,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { api, connection } = tools;
  const chat = content.replyTo?.chat;
  const user = ownAccount(content, connection);
  if (chat === undefined && user === null) return { kind: 'failed', reason: reason('neverWrote', { provider: 'MAX' }) };
  const to = chat === undefined ? `user_id=${user}` : `chat_id=${chat}`;
  const post = async (payload: object, stop: AbortSignal) => {
    const { message } = await api.post(`messages?${to}`, payload, stop);
    return messageKey(connection, messageIdOf(fields(fields(message).body).mid, 'MAX'));
  };
  const answered = quotedId(content);
  const quoted = answered === null ? {} : { link: { type: 'reply', mid: answered } };
  const parts = partsOf(content, {
    maxTextLength,
    maxCaptionLength: () => maxTextLength,
    words: (words, i) => (stop) => post({ text: words, ...(i === 0 && quoted) }, stop),
    file: (file, caption, isFirst) => async (stop) => {
      const attachment = await withoutUncertainty(upload(`${outbound}:${file.blob}`, file, tools, stop));
      return post({ text: caption, attachments: [attachment], ...(isFirst && quoted) }, stop);
    },
  });
  return sendParts(parts, content.replyTo ?? { user: user ?? '' }, signal);
}

/** Uploads a file to a URL that MAX returns. Resolves to the attachment to send. */
async function upload(
  name: string,
  file: WrittenAttachment,
  { api, http, blobs, uploaded }: MaxSending,
  signal: AbortSignal,
): Promise<Fields> {
  const known = uploaded.get(name);
  if (known !== undefined) return known;
  const type = file.mime.startsWith('image/') ? 'image' : file.mime === 'video/mp4' ? 'video' : 'file';
  const place = await api.ask(`uploads?type=${type}`, { method: 'POST', signal });
  const url = text(place.url) ?? '';
  if (!URL.canParse(url)) throw new ServiceError('later', reason('fileNowhere', { service: 'MAX' }));
  const form = multipart({}, 'data', file, blobs);
  const asked = { method: 'POST', url, ...form, signal, externalUrl: true, timeout: http.timeout * 4 } as const;
  const token = text(place.token);
  // For videos, MAX returns the token with the URL, and the answer to the upload is not JSON.
  const answer = token === null ? await requestJson(http, 'MAX', asked, () => null) : await put(http, asked);
  const payload = token === null ? answer : { token };
  const attachment = { type, payload };
  uploaded.set(name, attachment);
  return attachment;
}

async function put(http: HttpClient, asked: Parameters<HttpClient['request']>[0]): Promise<Fields> {
  const { status } = await http.request(asked);
  if (status >= 300) throw new ServiceError('later', reason('serviceRefused', { service: 'MAX', status }));
  return {};
}
