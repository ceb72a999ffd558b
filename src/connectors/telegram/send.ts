import type { EventKey } from '../../domain/base/ids.ts';
import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import { fields, id } from '../../runtime/http/fields.ts';
import { messageIdOf, ownAccount } from '../shared/messenger.ts';
import { partsOf, quotedId, sendParts } from '../shared/sending.ts';
import type { TelegramApi } from './api.ts';
import { messageKey } from './message.ts';

const maxTextLength = 4096;
const maxCaptionLength = 1024;
/** Maximum bytes of a photo; larger pictures are sent as documents. */
const largestPhoto = 10 * 1024 * 1024;
const largestUpload = 50 * 1024 * 1024;

/** Sends a message: first the text, then each file as a message of its own. If there is only one file, the text is its caption. */
export async function sendMessage(
  { content }: Outbound,
  tools: {
    readonly api: TelegramApi;
    readonly blobs: Blobs;
    readonly connection: string;
    readonly uploadTimeout: number;
    /** The current id of a chat, which changes when a group becomes a supergroup. */
    readonly currentId: (chat: string) => Promise<string>;
  },
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { api, blobs, connection } = tools;
  const known = content.replyTo?.chat ?? ownAccount(content, connection);
  if (known === null) return { kind: 'failed', reason: reason('neverWrote', { provider: 'Telegram' }) };
  const chat = await tools.currentId(known);
  const business = content.replyTo?.business ?? null;
  const tooLarge = content.attachments.find((file) => file.bytes > largestUpload);
  if (tooLarge !== undefined)
    return {
      kind: 'failed',
      reason: reason('fileTooLarge', { provider: 'Telegram', limit: 50, name: tooLarge.name }),
    };
  const common = { chat_id: chat, ...(business !== null && { business_connection_id: business }) };
  // In a group, the quotation shows whom the answer is meant for.
  const answered = content.replyTo?.group === undefined ? quotedId(content) : content.replyTo.message;
  const quoted = answered == null ? {} : { reply_parameters: quote(answered) };
  const send = async (method: string, payload: object, stop: AbortSignal, timeout?: number): Promise<EventKey> => {
    const message = fields(await api.call(method, { ...common, ...payload }, stop, timeout));
    const sent = messageIdOf(message.message_id, 'Telegram');
    return messageKey(connection, id(fields(message.chat).id) ?? chat, sent, business);
  };
  const parts = partsOf(content, {
    maxTextLength,
    maxCaptionLength: () => maxCaptionLength,
    words: (text, i) => (stop) => send('sendMessage', { text, ...(i === 0 && quoted) }, stop),
    file: (attachment, caption, isFirst) => async (stop) => {
      const kind = kindOf(attachment);
      const media = { source: await blobs.open(attachment.blob), filename: attachment.name };
      const payload = { ...(caption !== null && { caption }), ...(isFirst && quoted), [kind]: media };
      return send(methods[kind], payload, stop, tools.uploadTimeout);
    },
  });
  const handle = { ...content.replyTo, chat };
  return sendParts(parts, handle, signal);
}

function quote(message: string): object {
  return { message_id: Number(message), allow_sending_without_reply: true };
}

const methods = { photo: 'sendPhoto', voice: 'sendVoice', document: 'sendDocument' } as const;

/** Ogg is what voice notes are recorded in; Telegram shows anything else in Ogg as a file (core.telegram.org/bots/api#sendvoice). */
function kindOf({ mime, bytes }: WrittenAttachment): keyof typeof methods {
  if ((mime === 'image/jpeg' || mime === 'image/png') && bytes <= largestPhoto) return 'photo';
  return mime === 'audio/ogg' ? 'voice' : 'document';
}
