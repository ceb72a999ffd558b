import { Webhook } from 'standardwebhooks';
import { Value } from 'typebox/value';
import type { Connector, ConnectorContext } from '../../src/connectors/contract.ts';
import { connectors } from '../../src/connectors/registry.ts';
import type { HookRequest } from '../../src/domain/ports/hooks.ts';
import { derivedSecret, hmacHex } from '../../src/runtime/secrets.ts';

/** A connection of each kind that receives webhooks, and how its service signs them. */
export interface WebhookConnection {
  readonly settings: Readonly<Record<string, unknown>>;
  /** A message as the service might send it. */
  readonly genuine: object;
  /** The body of a message; JSON by default. */
  encode?(message: object): Buffer;
  sign(body: Buffer, connection: string): HookRequest['headers'];
  /** The parameters of the webhook's address, if the service proves itself by these. */
  query?(connection: string): string;
}

const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const date = Date.parse('2026-11-24T09:00:00Z');

export const webhookConnections: Readonly<Record<string, WebhookConnection>> = {
  telegram: {
    settings: { kind: 'telegram', mode: 'webhook', token: '123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
    genuine: {
      update_id: 1,
      message: { message_id: 1, date: date / 1000, chat: { id: 42, type: 'private' }, from: { id: 42 }, text: 'hello' },
    },
    sign: (_, connection) => ({
      'x-telegram-bot-api-secret-token': derivedSecret('123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAA', `webhook ${connection}`),
    }),
  },
  whatsapp: {
    settings: {
      kind: 'whatsapp',
      phoneNumberId: '111',
      token: 'a'.repeat(20),
      appSecret: 'app secret',
      verifyToken: 'verify me',
    },
    genuine: {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '1',
          changes: [
            {
              field: 'messages',
              value: {
                metadata: { phone_number_id: '111' },
                contacts: [{ profile: { name: 'Ivan' }, wa_id: '79161234567' }],
                messages: [
                  {
                    from: '79161234567',
                    id: 'wamid.1',
                    timestamp: String(date / 1000),
                    type: 'text',
                    text: { body: 'hello' },
                  },
                ],
                statuses: [
                  { id: 'wamid.0', status: 'failed', timestamp: String(date / 1000), errors: [{ code: 131047 }] },
                ],
              },
            },
          ],
        },
      ],
    },
    sign: (body) => ({ 'x-hub-signature-256': `sha256=${hmacHex('app secret', body)}` }),
  },
  vk: {
    settings: { kind: 'vk', group: '9', token: 'a'.repeat(20), secret: 'the secret key', confirmation: 'c0nf' },
    genuine: {
      type: 'message_new',
      group_id: 9,
      event_id: 'e1',
      secret: 'the secret key',
      object: {
        message: {
          id: 1,
          date: date / 1000,
          peer_id: 42,
          from_id: 42,
          text: 'hello',
          attachments: [{ type: 'link', link: { url: 'https://x' } }],
        },
      },
    },
    sign: () => ({}),
  },
  max: {
    settings: { kind: 'max', token: 'max-bot-token' },
    genuine: {
      update_type: 'message_created',
      timestamp: date,
      message: {
        sender: { user_id: 42, first_name: 'Ivan' },
        recipient: { chat_id: 77, chat_type: 'dialog' },
        timestamp: date,
        body: {
          mid: 'm1',
          seq: 1,
          text: 'hello',
          attachments: [{ type: 'contact', payload: { vcf_info: 'TEL:1', max_info: {} } }],
        },
      },
    },
    sign: (_, connection) => ({ 'x-max-bot-api-secret': derivedSecret('max-bot-token', `webhook ${connection}`) }),
  },
  viber: {
    settings: { kind: 'viber', token: '445da6az1s345z78', sender: { name: 'Shop' } },
    genuine: {
      event: 'message',
      timestamp: date,
      message_token: '4912661846655238100',
      sender: { id: 'A=', name: 'Ivan' },
      message: {
        type: 'contact',
        text: 'hello',
        contact: { name: 'x', phone_number: '1' },
        location: { lat: 1, lon: 2 },
      },
    },
    sign: (body) => ({ 'x-viber-content-signature': hmacHex('445da6az1s345z78', body) }),
  },
  avito: {
    settings: { kind: 'avito', clientId: 'avito-client', clientSecret: 'avito-secret', api: 'http://127.0.0.1:9' },
    genuine: {
      id: 'hook-1',
      version: 'v3.0.0',
      timestamp: date / 1000,
      payload: {
        type: 'message',
        value: {
          id: 'm1',
          chat_id: 'u2i-1',
          chat_type: 'u2i',
          user_id: 94235311,
          author_id: 42,
          created: date / 1000,
          type: 'location',
          content: { text: 'hello', location: { lat: 1, lon: 2, title: 'here' } },
          item_id: 1768287444,
        },
      },
    },
    sign: () => ({}),
    query: (connection) => `?secret=${derivedSecret('avito-secret', `webhook ${connection}`)}`,
  },
  vats: {
    settings: { kind: 'vats', token: 'the key' },
    genuine: { crm_token: 'the key', cmd: 'event', type: 'INCOMING', callid: 'c1', phone: '79161234567', ext: '101' },
    encode: (message) => {
      const texts = Object.entries(message).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      return Buffer.from(new URLSearchParams(texts as [string, string][]).toString());
    },
    sign: () => ({}),
  },
  webhook: {
    settings: { kind: 'webhook', secret: key, account: 'odno' },
    genuine: { type: 'message', id: 'm1', from: { id: '42', name: 'Ivan' }, text: 'hello', at: '2026-11-24T09:00:00Z' },
    sign: (body) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': new Webhook(key).sign('msg_1', new Date(), body.toString('utf8')),
    }),
  },
};

/** The body of a message. */
export function encoded({ encode }: Pick<WebhookConnection, 'encode'>, message: object): Buffer {
  return encode?.(message) ?? Buffer.from(JSON.stringify(message));
}

/** A connector of a kind from the registry, not started. */
export function createWebhookConnector(kind: string, context: ConnectorContext): Connector {
  const definition = connectors[kind];
  if (definition === undefined) throw new Error(`no connector ${kind}`);
  return definition.create(
    Value.Default(definition.schema, { ...webhookConnections[kind]?.settings }) as never,
    context,
  );
}
