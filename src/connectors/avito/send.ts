import type { Outbound, OutboundContent, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { type Fields, fields } from '../../runtime/http/fields.ts';
import { multipart } from '../../runtime/http/multipart.ts';
import { ServiceError, withoutUncertainty } from '../../runtime/http/service-error.ts';
import { messageIdOf, ownAccount } from '../shared/messenger.ts';
import type { Recent } from '../shared/recent.ts';
import { outcomeOf, pieces, sendParts } from '../shared/sending.ts';
import { type AvitoApi, jsonBody } from './api.ts';
import { messageKey } from './message.ts';
import { markOf } from './own-sends.ts';
import { type Settling, settle } from './settle.ts';

const maxTextLength = 1000;
const largestPicture = 24;
const pictures: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/bmp',
  'image/heic',
  'image/heif',
]);

/** Dependencies of sending. */
export interface AvitoSending extends Settling {
  readonly api: AvitoApi;
  readonly http: HttpClient;
  readonly blobs: Blobs;
  /** Ids of uploaded pictures, so that a retry does not upload them again. */
  readonly uploaded: Recent<string>;
}

/** Sends a message: first the text, then each picture as a message of its own. */
export async function sendMessage(outbound: Outbound, tools: AvitoSending, signal: AbortSignal): Promise<SendOutcome> {
  const { own, api, connection } = tools;
  const { id: name, content } = outbound;
  const earlier = await own.find(name);
  if (earlier?.open === true) return settle(earlier, tools, reason('brokeOff'), signal);
  const refused = content.attachments.map(refusalOf).find((one) => one !== null);
  if (refused !== undefined) return { kind: 'failed', reason: refused };
  let chat: string | null;
  const images: string[] = [];
  try {
    chat = await withoutUncertainty(chatOf(outbound, tools, signal));
    if (chat === null) return { kind: 'failed', reason: reason('neverWrote', { provider: 'Avito' }) };
    for (const file of content.attachments) images.push(await withoutUncertainty(upload(name, file, tools, signal)));
  } catch (error) {
    return outcomeOf(error);
  }
  const posts = postsOf(content, images);
  const send = await own.begin(
    name,
    chat,
    posts.map(({ mark }) => mark),
  );
  const path = `chats/${encodeURIComponent(chat)}/messages`;
  const parts = posts.map(({ suffix, payload, text, files }, i) => ({
    text,
    files,
    send: async (stop: AbortSignal) => {
      const asked = { method: 'POST', ...jsonBody(payload), signal: stop } as const;
      const message = messageIdOf(fields(await api.own(1, `${path}${suffix}`, asked)).id, 'Avito');
      own.sent(name, i, message);
      return messageKey(connection, send.chat, message);
    },
  }));
  const outcome = await sendParts(parts, { ...content.replyTo, chat }, signal);
  if (outcome.kind === 'uncertain') return settle(send, tools, outcome.reason, signal);
  if (outcome.kind !== 'sent') await own.drop(name);
  return outcome;
}

interface Post {
  readonly text: string | null;
  readonly files: readonly WrittenAttachment[];
  readonly suffix: string;
  readonly payload: object;
  readonly mark: string;
}

/** The requests that a message is sent by: first the pieces of its text, then its pictures, which have no captions. */
function postsOf({ text, attachments }: OutboundContent, images: readonly string[]): readonly Post[] {
  const said = text === '' && attachments.length > 0 ? [] : pieces(text, maxTextLength);
  return [
    ...said.map((piece) => ({
      text: piece,
      files: [],
      suffix: '',
      payload: { type: 'text', message: { text: piece } },
      mark: markOf('text', piece),
    })),
    ...images.map((image, i) => ({
      text: null,
      files: attachments.slice(i, i + 1),
      suffix: '/image',
      payload: { image_id: image },
      mark: markOf('image', null),
    })),
  ];
}

/** The conversation to write to: the one that is answered, or the latest one with the client. */
async function chatOf(
  { content }: Outbound,
  { chats, connection }: AvitoSending,
  signal: AbortSignal,
): Promise<string | null> {
  const answered = content.replyTo?.chat;
  if (answered !== undefined) return answered;
  const client = ownAccount(content, connection);
  return client === null ? null : chats.withClient(client, signal);
}

function refusalOf({ name, mime, bytes }: WrittenAttachment) {
  if (!pictures.has(mime)) return reason('picturesOnly', { provider: 'Avito', name });
  if (bytes > largestPicture * 1024 * 1024)
    return reason('fileTooLarge', { provider: 'Avito', limit: largestPicture, name });
  return null;
}

/** Uploads a picture. Resolves to its id. */
async function upload(
  outbound: string,
  file: WrittenAttachment,
  { api, http, blobs, uploaded }: AvitoSending,
  signal: AbortSignal,
): Promise<string> {
  const place = `${outbound}:${file.blob}`;
  const known = uploaded.get(place);
  if (known !== undefined) return known;
  const form = multipart({}, 'uploadfile[]', file, blobs);
  const answer: Fields = fields(
    await api.own(1, 'uploadImages', { method: 'POST', ...form, signal, timeout: http.timeout * 4 }),
  );
  const [image] = Object.keys(answer);
  if (image === undefined)
    throw new ServiceError('refused', reason('uploadRefused', { provider: 'Avito', name: file.name }));
  uploaded.set(place, image);
  return image;
}
