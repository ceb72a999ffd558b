import { readChat } from '../../src/connectors/avito/chats.ts';
import { readMessage as readAvito } from '../../src/connectors/avito/message.ts';
import { readUpdate as readMax } from '../../src/connectors/max/message.ts';
import { wordsIn } from '../../src/connectors/shared/words.ts';
import { readUpdate as readTelegram } from '../../src/connectors/telegram/message.ts';
import { readCallback } from '../../src/connectors/viber/message.ts';
import { readEvent as readVk } from '../../src/connectors/vk/message.ts';
import { readEvent as readWebhook } from '../../src/connectors/webhook/event.ts';
import { readWebhook as readWhatsapp } from '../../src/connectors/whatsapp/message.ts';
import { readTemplate } from '../../src/connectors/whatsapp/templates.ts';
import { fieldsOf, templateText } from '../../src/domain/outbound/template.ts';
import { faultsOf } from '../../src/domain/outbound/template-fill.ts';
import { fields, parseJson } from '../../src/runtime/http/fields.ts';
import { casesOf } from './cases.ts';
import type { FuzzTarget } from './targets.ts';

const connection = 'c';
const labels = wordsIn.ru;
const now = Date.parse('2026-11-24T09:00:00Z');
const locate = () => () => Promise.reject(new Error('nothing is fetched here'));
const card = (text: string) => `BEGIN:VCARD\r\n${text}\r\nEND:VCARD`;
const words = [
  'TEL;type=CELL:',
  'TEL:',
  'item1.TEL',
  'tel:',
  '+7 916 123-45-67',
  'https://wa.me/',
  '"text":',
  '{"a":',
  '[',
  '\\u0000',
];

/** Texts of a message with the input in every field; and the message itself, if the input is JSON. */
const both = (read: (given: unknown) => unknown, message: (text: string) => unknown) => (text: string) => [
  read(message(text)),
  read(parseJson(text)),
];

/** A template with the input in every field; and the template itself, if the input is JSON. */
const readTemplates = both(
  (given) => {
    const template = readTemplate(fields(given));
    if (template === null) return null;
    const values = Object.fromEntries(fieldsOf(template).map(({ id }) => [id, 'x']));
    return [templateText(template, values), faultsOf(template, values, [])];
  },
  (text) => ({
    status: 'APPROVED',
    name: 'a',
    language: 'ru',
    components: [
      { type: 'HEADER', format: 'TEXT', text, example: { header_text: [text] } },
      {
        type: 'BODY',
        text,
        example: { body_text: [[text]], body_text_named_params: [{ param_name: text, example: text }] },
      },
      { type: 'FOOTER', text },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'URL', text, url: text, example: [text] },
          { type: 'COPY_CODE', example: text },
        ],
      },
    ],
  }),
);

/** Messages of the messengers, and events of the webhook connector. */
export const messageTargets: readonly FuzzTarget[] = [
  { name: 'whatsapp template', words: [...words, '{{1}}', '{{name}}', '{{', '}}'], read: readTemplates },
  {
    name: 'telegram',
    words,
    cases: () => casesOf('messengers', 'telegram'),
    read: both(
      (given) =>
        readTelegram(given, { connection, bot: '1', firstId: () => null, authors: {}, now, words: labels, locate }),
      (text) => ({
        update_id: 1,
        message: {
          message_id: 1,
          date: now / 1000,
          chat: { id: 2, type: 'private' },
          from: { id: 2, first_name: text, last_name: text, username: text },
          text,
          caption: text,
          contact: { phone_number: text, vcard: card(text), user_id: 2 },
          quote: { text },
          entities: [{ type: 'text_link', offset: 0, length: text.length, url: text }],
          web_app_data: { button_text: text, data: text },
        },
      }),
    ),
  },
  {
    name: 'whatsapp',
    words,
    cases: () => casesOf('messengers', 'whatsapp'),
    read: both(
      (given) => readWhatsapp(given, { connection, phoneNumberId: '1', now, words: labels, locate }),
      (text) => ({
        entry: [
          {
            changes: [
              {
                field: 'messages',
                value: {
                  metadata: { phone_number_id: '1' },
                  contacts: [{ wa_id: '7', profile: { name: text } }],
                  messages: [
                    { id: text.slice(0, 100), from: '79161234567', timestamp: '1', type: 'text', text: { body: text } },
                    {
                      id: 'b',
                      from: text,
                      timestamp: text,
                      type: 'contacts',
                      contacts: [{ phones: [{ phone: text }] }],
                    },
                    {
                      id: 'c',
                      from: '79161234567',
                      type: 'interactive',
                      interactive: { type: 'nfm_reply', nfm_reply: { body: text, response_json: text } },
                    },
                    {
                      id: 'd',
                      from: '79161234567',
                      type: 'order',
                      order: { text, product_items: [{ product_retailer_id: text, quantity: text, item_price: text }] },
                    },
                  ],
                },
              },
            ],
          },
        ],
      }),
    ),
  },
  {
    name: 'viber',
    words,
    cases: () => casesOf('messengers', 'viber'),
    read: both(
      (given) => readCallback(given, { connection, sharedContacts: 'claim', now, words: labels }),
      (text) => ({
        event: 'message',
        timestamp: now,
        message_token: '1',
        sender: { id: text.slice(0, 100), name: text },
        message: { type: 'text', text, contact: { name: text, phone_number: text } },
      }),
    ),
  },
  {
    name: 'vk',
    words,
    cases: () => casesOf('messengers', 'vk'),
    read: both(
      (given) =>
        readVk((given ?? {}) as never, { connection, authors: {}, comments: [], own: () => null, now, words: labels }),
      (text) => ({
        type: 'message_new',
        object: {
          message: { id: 1, peer_id: 5, from_id: 5, date: 1, text, payload: text, ref: text, fwd_messages: [{ text }] },
        },
      }),
    ),
  },
  {
    name: 'max',
    words,
    cases: () => casesOf('messengers', 'max'),
    read: both(
      (given) => readMax(given, { connection, now, words: labels }),
      (text) => ({
        update_type: 'message_created',
        timestamp: now,
        message: {
          sender: { user_id: 1, name: text },
          recipient: { chat_id: 1, chat_type: 'dialog' },
          timestamp: now,
          body: { mid: 'm', text, attachments: [{ type: 'contact', payload: { vcf_info: card(text) } }] },
          link: { type: 'forward', message: { text } },
        },
      }),
    ),
  },
  {
    name: 'avito',
    words,
    cases: () => casesOf('messengers', 'avito'),
    read: both(
      (given) => {
        const { payload } = fields(given);
        const chat = readChat(fields(given), '1');
        const message = payload === undefined ? fields(given) : fields(fields(payload).value);
        return readAvito(message, { connection, chat, now, words: labels, locateVoice: locate });
      },
      (text) => ({
        id: 'c',
        users: [{ id: 2, name: text, public_user_profile: { url: text } }],
        context: { type: 'item', value: { id: 3, title: text, price_string: text, url: text } },
        payload: {
          type: 'message',
          value: {
            id: 'm',
            chat_id: text.slice(0, 100),
            author_id: 2,
            user_id: 1,
            created: now / 1000,
            type: 'link',
            content: { text, link: { text, url: text, preview: { title: text, description: text, url: text } } },
            published_at: text,
          },
        },
      }),
    ),
  },
  {
    name: 'webhook event',
    words,
    read: both(
      (given) => readWebhook(given, { connection, account: 'a', now }),
      (text) => ({
        type: 'message',
        id: text.slice(0, 100),
        at: '2026-11-24T09:00:00Z',
        from: { id: text.slice(0, 100), name: text.slice(0, 100), phone: text, email: text },
        text,
      }),
    ),
  },
];
