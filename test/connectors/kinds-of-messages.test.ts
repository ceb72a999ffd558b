import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MessengerOffice } from '../support/field-messengers.ts';

const date = 1795521540;
let serial = 0;

/** A message of Telegram by a client of its own. */
function telegram(content: object, kind = 'message'): object {
  serial += 1;
  const [person, name] = [{ id: 900_000 + serial, is_bot: false, first_name: 'Клиент' }, `m${serial}`];
  const message = { message_id: 5000 + serial, from: person, chat: { ...person, type: 'private' }, date, ...content };
  return { update_id: 70_000 + serial, [kind]: message, name };
}

function whatsapp(content: object): object {
  serial += 1;
  const value = {
    messaging_product: 'whatsapp',
    metadata: { phone_number_id: '111' },
    messages: [{ from: `7999555${1000 + serial}`, id: `wamid.kind.${serial}`, timestamp: String(date), ...content }],
  };
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
}

function whatsappCall(call: object): object {
  const calls = [{ id: 'wacid.1', from: '79995559999', to: '74950000300', timestamp: String(date), ...call }];
  const value = { metadata: { phone_number_id: '111' }, calls };
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'calls', value }] }] };
}

function vk(content: object): object {
  serial += 1;
  const peer = 700_000 + serial;
  const message = { id: 9000 + serial, date, peer_id: peer, from_id: peer, text: '', attachments: [], ...content };
  return vkEvent('message_new', { message, client_info: {} });
}

function vkEvent(type: string, object: object): object {
  serial += 1;
  return { type, group_id: 1, event_id: `k${serial}`, v: '5.199', secret: 'vk-secret-1', object };
}

function max(body: object, more: object = {}): object {
  serial += 1;
  const message = {
    sender: { user_id: 600_000 + serial, first_name: 'Клиент', is_bot: false },
    recipient: { chat_id: 800_000 + serial, chat_type: 'dialog', user_id: 1 },
    timestamp: date * 1000,
    body: { mid: `mid.kind.${serial}`, seq: serial, text: null, attachments: [], ...body },
    ...more,
  };
  return { update_type: 'message_created', timestamp: date * 1000, message };
}

function viber(message: object): object {
  serial += 1;
  const sender = { id: `kind-${serial}=`, name: 'Клиент' };
  return { event: 'message', timestamp: date * 1000, message_token: String(5_000_000_000 + serial), sender, message };
}

describe('what carries words or wishes', () => {
  const office = new MessengerOffice();
  beforeAll(() => office.open());
  afterAll(() => office.close());

  it.each<
    [what: string, file: string, payloads: readonly object[], texts: readonly RegExp[], files?: readonly string[]]
  >([
    [
      'a poll with its options',
      'telegram-x',
      [telegram({ poll: { question: 'Когда?', options: [{ text: 'утром' }, { text: 'вечером' }] } })],
      [/Когда\?/, /утром/, /вечером/],
    ],
    [
      'a forwarded message with a picture and its origin',
      'telegram-x',
      [
        telegram({
          caption: 'как здесь',
          photo: [{ file_id: 'p' }],
          forward_origin: { type: 'channel', chat: { id: -1, title: 'Канал о заборах' }, date },
        }),
      ],
      [/Канал о заборах/, /как здесь/],
      ['image/jpeg'],
    ],
    [
      'a hidden link in the words under a picture',
      'telegram-x',
      [
        telegram({
          caption: 'хочу такой',
          photo: [{ file_id: 'p' }],
          caption_entities: [{ type: 'text_link', offset: 5, length: 5, url: 'https://shop.example/7' }],
        }),
      ],
      [/хочу такой/, /такой: https:\/\/shop\.example\/7/],
      ['image/jpeg'],
    ],
    [
      'the quote of a message of another chat, with its picture',
      'telegram-x',
      [
        telegram({
          text: 'такой есть?',
          quote: { text: 'профнастил С8', position: 0 },
          external_reply: {
            origin: { type: 'channel', chat: { title: 'Склад' }, date },
            photo: [{ file_id: 'q' }],
          },
        }),
      ],
      [/Склад/, /> профнастил С8/, /такой есть\?/],
      ['image/jpeg'],
    ],
    [
      'a payment with the client’s address',
      'telegram-x',
      [
        telegram({
          successful_payment: {
            currency: 'RUB',
            total_amount: 123_450,
            order_info: { name: 'Иван', phone_number: '79990001122', shipping_address: { city: 'Тверь' } },
          },
        }),
      ],
      [/1234\.50 RUB/, /Иван/, /79990001122/, /Тверь/],
    ],
    [
      'a payment in a currency without smaller units',
      'telegram-x',
      [telegram({ successful_payment: { currency: 'JPY', total_amount: 500 } })],
      [/500 JPY/],
    ],
    [
      'a payment in stars',
      'telegram-x',
      [telegram({ successful_payment: { currency: 'XTR', total_amount: 500 } })],
      [/500 ⭐/],
    ],
    [
      'data of a mini application that is not JSON',
      'telegram-x',
      [telegram({ web_app_data: { button_text: 'Заказ', data: 'sku=A7' } })],
      [/sku=A7/],
    ],
    [
      'an order of a business client',
      'telegram-x',
      [telegram({ text: 'есть?', business_connection_id: 'biz' }, 'business_message')],
      [/есть\?/],
    ],
    [
      'a venue',
      'telegram-x',
      [telegram({ venue: { title: 'Склад', address: 'Ленина 1', location: { latitude: 1.5, longitude: 2 } } })],
      [/Склад/, /Ленина 1/, /geo:1\.5,2/],
    ],
    [
      'people chosen by a button',
      'telegram-x',
      [telegram({ users_shared: { request_id: 1, users: [{ user_id: 5, first_name: 'Пётр' }] } })],
      [/Пётр/],
    ],
    ['a video note', 'telegram-x', [telegram({ video_note: { file_id: 'v' } })], [], ['video/mp4']],
    [
      'a message of WhatsApp forwarded',
      'whatsapp-x',
      [whatsapp({ type: 'text', text: { body: 'прайс' }, context: { forwarded: true } })],
      [/Переслано/, /прайс/],
    ],
    [
      'a permission to call',
      'whatsapp-x',
      [
        whatsapp({
          type: 'interactive',
          interactive: { type: 'call_permission_reply', call_permission_reply: { response: 'accept' } },
        }),
      ],
      [/звонить/],
    ],
    [
      'an edited caption',
      'whatsapp-x',
      [
        whatsapp({
          id: 'wamid.cap',
          from: '79995550001',
          type: 'image',
          image: { id: '7', caption: 'старое', mime_type: 'image/png' },
        }),
        whatsapp({
          from: '79995550001',
          type: 'edit',
          edit: {
            original_message_id: 'wamid.cap',
            message: { type: 'image', image: { id: '7', caption: 'новое', mime_type: 'image/png' } },
          },
        }),
      ],
      [/^новое$/],
      ['image/png'],
    ],
    [
      'a kind that WhatsApp names but does not pass on',
      'whatsapp-x',
      [
        whatsapp({
          type: 'unsupported',
          unsupported: { type: 'poll_creation' },
          errors: [{ code: 131051, title: 'Message type unknown' }],
        }),
      ],
      [/poll_creation/, /Message type unknown/],
      ['application/json'],
    ],
    [
      'a type that nobody foresaw',
      'whatsapp-x',
      [whatsapp({ type: 'hologram', hologram: { id: '1' } })],
      [/Неподдерживаемое сообщение: hologram/],
      ['application/json'],
    ],
    [
      'a lead form',
      'vk-x',
      [
        vkEvent('lead_forms_new', {
          lead_id: 3,
          group_id: 1,
          user_id: 700_001,
          form_id: 1,
          form_name: 'Замер',
          answers: [
            { key: 'phone_number', question: 'Телефон', answer: '+79990007788' },
            { key: 'custom_0', question: 'Когда?', answer: ['утром', 'в среду'] },
          ],
        }),
      ],
      [/Замер/, /Телефон: \+79990007788/, /Когда\?: утром, в среду/],
    ],
    [
      'an order in the shop of a community',
      'vk-x',
      [
        vkEvent('market_order_new', {
          id: 4,
          user_id: 700_002,
          date,
          total_price: { text: '3 000 ₽' },
          preview_order_items: [{ title: 'Кирпич', quantity: 100, price: { text: '30 ₽' } }],
          comment: 'к пятнице',
          recipient: { name: 'Иван', phone: '+79990007799' },
        }),
      ],
      [/Кирпич × 100/, /3 000 ₽/, /к пятнице/, /Иван/],
    ],
    [
      'a repost within a repost, with a picture',
      'vk-x',
      [
        vk({
          attachments: [
            {
              type: 'wall',
              wall: {
                id: 1,
                owner_id: -7,
                text: 'смотрите',
                copy_history: [
                  {
                    id: 2,
                    owner_id: -8,
                    text: 'исходный пост',
                    attachments: [
                      {
                        type: 'photo',
                        photo: { id: 1, sizes: [{ url: 'https://files.example/a.jpg', width: 1, height: 1 }] },
                      },
                    ],
                  },
                ],
              },
            },
          ],
        }),
      ],
      [/смотрите/, /исходный пост/, /vk\.com\/wall-7_1/],
      ['image/jpeg'],
    ],
    [
      'the transcript of a voice message',
      'vk-x',
      [
        vk({
          attachments: [
            {
              type: 'audio_message',
              audio_message: { link_ogg: 'https://files.example/v.ogg', transcript: 'перезвоните' },
            },
          ],
        }),
      ],
      [/перезвоните/],
      ['audio/ogg'],
    ],
    [
      'a mini application',
      'vk-x',
      [vk({ attachments: [{ type: 'mini_app', mini_app: { title: 'Калькулятор', app: {} } }] })],
      [/Калькулятор/],
    ],
    [
      'an attachment that nobody foresaw, with words',
      'vk-x',
      [vk({ text: 'вот', attachments: [{ type: 'hologram', hologram: {} }] })],
      [/^вот\n/, /hologram/],
      ['application/json'],
    ],
    [
      'a button of MAX by its text',
      'max-x',
      [
        {
          update_type: 'message_callback',
          timestamp: date * 1000,
          callback: { timestamp: date * 1000, callback_id: 'cb1', payload: 'call', user: { user_id: 5 } },
          message: {
            recipient: { chat_id: 6 },
            body: {
              mid: 'mid.b',
              attachments: [
                {
                  type: 'inline_keyboard',
                  payload: { buttons: [[{ type: 'callback', text: 'Позвоните мне', payload: 'call' }]] },
                },
              ],
            },
          },
        },
      ],
      [/Позвоните мне/],
    ],
    [
      'a forwarded contact of MAX',
      'max-x',
      [
        max(
          {},
          {
            link: {
              type: 'forward',
              sender: { first_name: 'Пётр' },
              message: {
                mid: 'f',
                text: null,
                attachments: [
                  {
                    type: 'contact',
                    payload: {
                      vcf_info: 'BEGIN:VCARD\r\nTEL;TYPE=cell:79990003344\r\nEND:VCARD',
                      max_info: { first_name: 'Анна' },
                    },
                  },
                ],
              },
            },
          },
        ),
      ],
      [/Переслано от Пётр/, /Анна/, /79990003344/],
    ],
    [
      'words written in a group as a channel',
      'telegram-x',
      [
        telegram({
          text: 'почём доставка?',
          from: { id: 136_817_688, is_bot: true, first_name: 'Channel' },
          sender_chat: { id: -1_009_000_001, type: 'channel', title: 'Стройка' },
          chat: { id: -500_100, type: 'supergroup', title: 'Заказы' },
        }),
      ],
      [/почём доставка/],
    ],
    [
      'a call of WhatsApp that nobody took',
      'whatsapp-x',
      [
        whatsappCall({ event: 'connect', direction: 'USER_INITIATED' }),
        whatsappCall({ event: 'terminate', direction: 'USER_INITIATED', status: 'FAILED' }),
      ],
      [/Пропущенный звонок/],
    ],
    [
      'a place with words of Viber',
      'viber-x',
      [viber({ type: 'location', text: 'сюда', location: { lat: 1, lon: 2 } })],
      [/сюда/, /geo:1,2/],
    ],
    [
      'a contact of Viber',
      'viber-x',
      [viber({ type: 'contact', contact: { name: 'Анна', phone_number: '+79990004455' } })],
      [/Анна/, /\+79990004455/],
    ],
    [
      'a rich message of Viber',
      'viber-x',
      [viber({ type: 'rich_media', rich_media: {} })],
      [/Неподдерживаемое сообщение: rich_media/],
      ['application/json'],
    ],
  ])('%s', async (_what, file, payloads, texts, files = []) => {
    const { interactions, leads, tasks } = await office.play(file, payloads);
    expect(interactions).toHaveLength(1);
    for (const text of texts) expect(interactions[0]?.text).toMatch(text);
    expect(interactions[0]?.attachments.map(({ mime }) => mime)).toEqual(files);
    expect([leads.length, tasks.length]).toEqual([1, 1]);
  });

  it.each<[what: string, file: string, payload: object]>([
    ['members who leave', 'telegram-x', telegram({ left_chat_member: { id: 1 } })],
    ['a boost', 'telegram-x', telegram({ boost_added: { boost_count: 1 } })],
    ['a giveaway', 'telegram-x', telegram({ giveaway_created: {} })],
    ['a video chat', 'telegram-x', telegram({ video_chat_started: {} })],
    ['a deleted photo of the chat', 'telegram-x', telegram({ delete_chat_photo: true })],
    ['a refund', 'telegram-x', telegram({ refunded_payment: { currency: 'RUB', total_amount: 100 } })],
    ['a gift with a wish', 'telegram-x', telegram({ unique_gift: { gift: { base_name: 'Кепка' } } })],
    ['a bot that was blocked', 'telegram-x', { update_id: 1, my_chat_member: { chat: { id: 1 } } }],
    [
      'a changed security code',
      'whatsapp-x',
      whatsapp({ type: 'system', system: { type: 'customer_identity_changed', body: 'x' } }),
    ],
    [
      'a pin that WhatsApp does not pass on',
      'whatsapp-x',
      whatsapp({ type: 'unsupported', unsupported: { type: 'pin' } }),
    ],
    [
      'a call of WhatsApp that was taken',
      'whatsapp-x',
      whatsappCall({ event: 'terminate', direction: 'USER_INITIATED', status: 'COMPLETED', duration: 9 }),
    ],
    ['a permission to write', 'vk-x', vkEvent('message_allow', { user_id: 1, key: '' })],
    ['a pinned message of VK', 'vk-x', vk({ action: { type: 'chat_pin_message' } })],
    [
      'a comment, if nobody asked for comments',
      'vk-x',
      vkEvent('wall_reply_new', { id: 1, from_id: 5, text: 'почём?', post_id: 1, post_owner_id: -1 }),
    ],
    ['an event that nobody foresaw', 'vk-x', vkEvent('hologram_new', {})],
    [
      'a bot added to a chat',
      'max-x',
      { update_type: 'bot_added', timestamp: date * 1000, chat_id: 1, user: { user_id: 1 } },
    ],
    [
      'a bot removed from a chat',
      'max-x',
      { update_type: 'bot_removed', timestamp: date * 1000, chat_id: 1, user: { user_id: 1 } },
    ],
    [
      'a muted dialogue',
      'max-x',
      { update_type: 'dialog_muted', timestamp: date * 1000, chat_id: 1, user: { user_id: 1 } },
    ],
    [
      'a subscription of Viber',
      'viber-x',
      { event: 'unsubscribed', timestamp: date * 1000, user_id: 'x', message_token: 7 },
    ],
  ])('owes nothing for %s', async (_what, file, payload) => {
    const { interactions, leads, tasks } = await office.play(file, [payload]);
    expect([leads.length, tasks.length]).toEqual([0, 0]);
    for (const one of interactions)
      expect(one).toMatchObject({ text: expect.stringMatching(/\S/), automatic: 'notice' });
  });
});
