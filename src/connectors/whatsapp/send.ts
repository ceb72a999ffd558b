import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { FilledTemplate } from '../../domain/outbound/template.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import { fields, id, list } from '../../runtime/http/fields.ts';
import { multipart } from '../../runtime/http/multipart.ts';
import { ServiceError, withoutUncertainty } from '../../runtime/http/service-error.ts';
import { messageIdOf } from '../shared/messenger.ts';
import { partsOf, quotedId, type SendPart, sendParts } from '../shared/sending.ts';
import { templateErrors, type WhatsappApi, windowClosed } from './api.ts';
import { conversationName, messageKey } from './message.ts';
import type { WhatsappConfig } from './schema.ts';
import { templateOf } from './template-message.ts';
import type { WhatsappTemplates } from './templates.ts';

const maxTextLength = 4096;
const maxCaptionLength = 1024;

/** Sends a message: first the text, then each file as a message of its own. If there is only one file, the text is its caption. */
export async function sendMessage(
  { id: outbound, content }: Outbound,
  tools: {
    readonly api: WhatsappApi;
    readonly blobs: Blobs;
    readonly connection: string;
    readonly config: WhatsappConfig;
    readonly templates: Pick<WhatsappTemplates, 'forget'>;
  },
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { api, blobs, connection, config, templates } = tools;
  const { replyTo } = content;
  const phone = replyTo?.to ?? (replyTo === null ? content.to.phone?.replace(/^\+/, '') : undefined);
  const to =
    phone !== undefined ? { to: phone } : replyTo?.user === undefined ? null : { [config.userIdField]: replyTo.user };
  if (to === null) return { kind: 'failed', reason: reason('noRecipient') };
  const common = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...to,
    biz_opaque_callback_data: outbound,
  };
  let account: { readonly number: string | null; readonly user: string | null } = { number: null, user: null };
  const post = async (payload: object, stop: AbortSignal) => {
    const answer = await api.post('messages', { ...common, ...payload }, stop);
    const { wa_id, user_id } = fields(list(answer.contacts)[0]);
    account = { number: id(wa_id) ?? phone ?? null, user: id(user_id) };
    return messageKey(connection, messageIdOf(fields(list(answer.messages)[0]).id, 'WhatsApp'));
  };
  const answered = quotedId(content);
  const quoted = answered === null ? {} : { context: { message_id: answered } };
  const template = (stop: AbortSignal) => {
    const { name = '', language: code = '' } = config.template ?? {};
    // A parameter must not contain line breaks or more than four consecutive spaces.
    const parameter = { type: 'text', text: content.text.replace(/\s+/g, ' ').trim() };
    const components = [{ type: 'body', parameters: [parameter] }];
    return post({ type: 'template', template: { name, language: { code }, components } }, stop);
  };
  const words =
    (body: string, i: number): SendPart =>
    async (stop) => {
      if (replyTo === null && config.template !== undefined) return template(stop);
      try {
        return await post({ type: 'text', text: { body, preview_url: false }, ...(i === 0 && quoted) }, stop);
      } catch (error) {
        const closed = error instanceof ServiceError && error.code === String(windowClosed);
        if (closed && config.template !== undefined && body === content.text) return template(stop);
        throw error;
      }
    };
  const upload = (attachment: WrittenAttachment, stop: AbortSignal) => {
    const form = multipart({ messaging_product: 'whatsapp', type: attachment.mime }, 'file', attachment, blobs);
    return withoutUncertainty(api.ask(`${config.phoneNumberId}/media`, { method: 'POST', ...form, signal: stop }));
  };
  const file =
    (attachment: WrittenAttachment, caption: string | null, isFirst: boolean): SendPart =>
    async (stop) => {
      const uploaded = await upload(attachment, stop);
      const type = kindOf(attachment);
      const media = {
        id: uploaded.id,
        ...(caption !== null && { caption }),
        ...(type === 'document' && { filename: attachment.name }),
      };
      return post({ type, [type]: media, ...(isFirst && quoted) }, stop);
    };
  const longest = (one: WrittenAttachment) => (kindOf(one) === 'audio' || replyTo === null ? -1 : maxCaptionLength);
  const chosen = (filled: FilledTemplate): SendPart => {
    return async (stop) => {
      const [attachment] = content.attachments;
      const uploaded = attachment === undefined ? null : await upload(attachment, stop);
      const sent = uploaded === null ? null : { id: uploaded.id, name: attachment?.name ?? 'file' };
      try {
        return await post({ type: 'template', template: templateOf(filled, sent), ...quoted }, stop);
      } catch (error) {
        if (error instanceof ServiceError && templateErrors.has(error.code ?? '')) templates.forget();
        throw error;
      }
    };
  };
  const parts =
    content.template === undefined
      ? partsOf(content, { maxTextLength, maxCaptionLength: longest, words, file })
      : [{ text: content.text, files: content.attachments, send: chosen(content.template) }];
  const handle = replyTo ?? { to: phone ?? '' };
  const outcome = await sendParts(parts, handle, signal);
  const { number, user } = account;
  const name = user ?? number;
  if (outcome.kind !== 'sent' || replyTo !== null || number === null || name === null) return outcome;
  // The answers to a first message come in the conversation of the number.
  const begun = { kind: 'whatsapp', connection, id: name, username: null } as const;
  return { ...outcome, conversation: { thread: conversationName(connection, number), account: begun } };
}

function kindOf({ mime }: WrittenAttachment): 'image' | 'video' | 'audio' | 'document' {
  if (mime === 'image/jpeg' || mime === 'image/png') return 'image';
  if (mime === 'video/mp4' || mime === 'video/3gpp') return 'video';
  return /^audio\/(aac|amr|mpeg|mp4|ogg)$/.test(mime) ? 'audio' : 'document';
}
