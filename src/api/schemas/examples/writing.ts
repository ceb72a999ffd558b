import { ids } from './people.ts';

/** A template that tells that an order is ready. */
export const template = {
  name: 'order_ready',
  language: 'en_US',
  category: 'UTILITY',
  isNamed: false,
  header: { kind: 'text', text: 'Order {{1}}' },
  body: 'Hello {{1}}, your order is ready.',
  footer: null,
  buttons: [{ kind: 'url', text: 'Open', url: 'https://shop.example/orders/{{1}}' }],
  examples: { 'header.1': '1042', 'body.1': 'Anna', 'button.0': '1042' },
};

/** A conversation that free text may go on in until the afternoon. */
export const way = {
  connection: 'whatsapp',
  provider: 'WhatsApp',
  to: '+79161234567',
  phone: '+79161234567',
  interaction: ids.call,
  thread: 'whatsapp:79161234567',
  takes: 'text',
  templates: true,
  until: '2026-01-13T11:05:00.000Z',
  problem: null,
  problemReason: null,
};
