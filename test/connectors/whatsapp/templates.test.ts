import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connector, hasTemplates } from '../../../src/connectors/contract.ts';
import { whatsapp } from '../../../src/connectors/whatsapp/connector.ts';
import { type WhatsappConfig, WhatsappSchema } from '../../../src/connectors/whatsapp/schema.ts';
import { readTemplate } from '../../../src/connectors/whatsapp/templates.ts';
import { outboundKey } from '../../../src/domain/outbound/outbound.ts';
import { fieldsOf, type MessageTemplate } from '../../../src/domain/outbound/template.ts';
import { faultsOf, fillTemplate } from '../../../src/domain/outbound/template-fill.ts';
import { MessengerStore } from '../../support/messenger-store.ts';
import { WhatsappServer } from '../../support/whatsapp-server.ts';
import { scriptedTemplate } from '../../support/whatsapp-templates.ts';

const body = (text: string, more: object = {}) => ({ type: 'BODY', text, ...more });
const order = scriptedTemplate('order_ready', [
  { type: 'HEADER', format: 'TEXT', text: 'Заказ {{1}}', example: { header_text: ['77'] } },
  body('{{1}}, заказ ждёт до {{2}}.', { example: { body_text: [['Иван', '18:00']] } }),
  { type: 'FOOTER', text: 'ООО «Ромашка»' },
  {
    type: 'BUTTONS',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Заберу' },
      { type: 'URL', text: 'Открыть', url: 'https://shop.example/o/{{1}}', example: ['https://shop.example/o/77'] },
      { type: 'COPY_CODE', text: 'Copy offer code', example: 'SALE10' },
    ],
  },
]);
const named = scriptedTemplate('visit', [body('{{client_name}}, ждём вас {{day}}')], {
  language: 'en_US',
  parameter_format: 'NAMED',
});

describe('WhatsApp templates', () => {
  let server: WhatsappServer;
  let desk: MessengerStore;
  let connector: Connector;

  const connect = (more: object = {}) => {
    const given = {
      kind: 'whatsapp',
      phoneNumberId: '1010',
      businessAccountId: '9090',
      token: server.token,
      appSecret: 'the app secret',
      verifyToken: 'verify me',
      api: server.root,
    };
    const config = Value.Default(WhatsappSchema, { ...given, ...more }) as WhatsappConfig;
    return whatsapp.create(config, desk.context);
  };

  beforeEach(async () => {
    server = new WhatsappServer();
    server.root = await server.listen();
    server.windowOpen = false;
    desk = await MessengerStore.open('wa');
    connector = connect();
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  const list = (isFresh = false, from = connector) => {
    if (!hasTemplates(from)) throw new Error('expected templates');
    return from.templates(isFresh);
  };
  const templateNamed = async (name: string): Promise<MessageTemplate> => {
    const found = (await list(true)).items.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no template ${name}`);
    return found;
  };
  const lists = () => server.asked.filter(({ path }) => path.endsWith('/message_templates')).length;
  const to = { email: null, phone: '+79161234567', account: null, name: null };
  const send = async (
    template: MessageTemplate,
    values: Readonly<Record<string, string>>,
    attachments: Parameters<typeof desk.write>[1] = {},
  ) => {
    const { filled, text } = fillTemplate(template, values);
    return desk.send(connector, await desk.write(text, { to, template: filled, ...attachments }));
  };
  const components = () => (server.messages.at(-1)?.template as { components?: unknown } | undefined)?.components;

  it('reads all pages of approved templates, and reads them again only when asked', async () => {
    const many = Array.from({ length: 5 }, (_, n) => scriptedTemplate(`t${n}`, [body('x')]));
    server.templates = [...many, order, scriptedTemplate('later', [body('x')], { status: 'PENDING' })];
    server.templatesPerPage = 2;
    const { items } = await list();
    expect(items.map(({ name }) => name)).toEqual(['t0', 't1', 't2', 't3', 't4', 'order_ready']);
    expect(lists()).toBe(3);
    await list();
    expect(lists()).toBe(3);
    server.templates = [named];
    expect((await list(true)).items).toMatchObject([{ name: 'visit', language: 'en_US', isNamed: true }]);
  });

  it('leaves out templates that cannot be filled in at the desk', () => {
    const read = (...parts: object[]) => readTemplate(scriptedTemplate('t', parts as never));
    expect(read(body('x'))).not.toBeNull();
    expect(read(body('x'), { type: 'CAROUSEL', cards: [] })).toBeNull();
    expect(read(body('x'), { type: 'BUTTONS', buttons: [{ type: 'OTP', text: 'Copy' }] })).toBeNull();
    expect(read(body('x'), { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Open' }] })).toBeNull();
    expect(read({ type: 'HEADER', format: 'PRODUCT' }, body('x'))).toBeNull();
    expect(readTemplate({})).toBeNull();
  });

  it('names what has to be filled in, with the examples of the service', async () => {
    server.templates = [order];
    expect(fieldsOf(await templateNamed('order_ready'))).toEqual([
      { id: 'header.1', part: 'header', name: '1', example: '77' },
      { id: 'body.1', part: 'body', name: '1', example: 'Иван' },
      { id: 'body.2', part: 'body', name: '2', example: '18:00' },
      { id: 'button.1', part: 'button', name: 'Открыть', example: 'https://shop.example/o/77' },
      { id: 'button.2', part: 'button', name: 'Copy offer code', example: 'SALE10' },
    ]);
  });

  it('sends header, body and buttons, and keeps the words that the client reads', async () => {
    server.templates = [order];
    const template = await templateNamed('order_ready');
    const values = { 'header.1': '77', 'body.1': 'Ольга', 'body.2': '19:00', 'button.1': '77', 'button.2': 'SALE' };
    expect(faultsOf(template, values, [])).toEqual([]);
    const sent = await send(template, values);
    expect(sent).toMatchObject({
      state: 'sent',
      text: 'Заказ 77\n\nОльга, заказ ждёт до 19:00.\n\nООО «Ромашка»\n\n[Заберу]\n[Открыть] https://shop.example/o/77\n[Copy offer code] SALE',
    });
    expect(components()).toEqual([
      { type: 'header', parameters: [{ type: 'text', text: '77' }] },
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ольга' },
          { type: 'text', text: '19:00' },
        ],
      },
      { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: '77' }] },
      {
        type: 'button',
        sub_type: 'copy_code',
        index: '2',
        parameters: [{ type: 'coupon_code', coupon_code: 'SALE' }],
      },
    ]);
  });

  it('sends named parameters by their names, and none where there are none', async () => {
    server.templates = [named, scriptedTemplate('hello_world', [body('Hello')], { language: 'en_US' })];
    await send(await templateNamed('visit'), { 'body.client_name': 'Olga', 'body.day': 'Monday' });
    expect(components()).toEqual([
      {
        type: 'body',
        parameters: [
          { type: 'text', parameter_name: 'client_name', text: 'Olga' },
          { type: 'text', parameter_name: 'day', text: 'Monday' },
        ],
      },
    ]);
    expect(await send(await templateNamed('hello_world'), {})).toMatchObject({ state: 'sent', text: 'Hello' });
    expect(components()).toBeUndefined();
  });

  it('uploads the stored file of a header, and sends a place', async () => {
    const place = { type: 'HEADER', format: 'LOCATION' };
    server.templates = [
      scriptedTemplate('bill', [{ type: 'HEADER', format: 'DOCUMENT' }, body('Счёт')]),
      scriptedTemplate('office', [place, body('Мы здесь')]),
    ];
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('pdf bytes')] as never, 100);
    const file = { blob, name: 'счёт.pdf', mime: 'application/pdf', bytes };
    expect(await send(await templateNamed('bill'), {}, { attachments: [file] })).toMatchObject({ state: 'sent' });
    expect(components()).toEqual([
      { type: 'header', parameters: [{ type: 'document', document: { id: 'media1', filename: 'счёт.pdf' } }] },
    ]);
    expect(String(server.files.get('media1'))).toBe('pdf bytes');
    const values = {
      'location.latitude': '55.75',
      'location.longitude': '37.62',
      'location.name': 'Офис',
      'location.address': 'Тверская, 1',
    };
    expect(await send(await templateNamed('office'), values)).toMatchObject({
      state: 'sent',
      text: 'Офис\nТверская, 1\ngeo:55.75,37.62\n\nМы здесь',
    });
  });

  it('begins the conversation that the answer of the client continues', async () => {
    server.templates = [scriptedTemplate('hi', [body('Добрый день')])];
    const first = await send(await templateNamed('hi'), {});
    expect(first).toMatchObject({
      thread: 'wa:79161234567',
      party: { phone: '+79161234567', account: { kind: 'whatsapp', connection: 'wa', id: '79161234567' } },
    });
    const [conversation] = (await desk.store.read.conversations({ unanswered: false, limit: 10, cursor: null })).items;
    expect(conversation).toMatchObject({ id: 'wa:79161234567', latest: { id: first.id } });
  });

  it('begins the conversation also if a report comes before WhatsApp’s answer', async () => {
    server.templates = [scriptedTemplate('hi', [body('Добрый день')])];
    const { filled, text } = fillTemplate(await templateNamed('hi'), {});
    const id = await desk.write(text, { to, template: filled });
    const report = {
      kind: 'report',
      key: outboundKey(id),
      connection: 'wa',
      state: 'delivered',
      problem: null,
    } as const;
    server.onTaken = () => desk.intake.emit({ ...report, at: Date.now() });
    expect(await desk.send(connector, id)).toMatchObject({ state: 'delivered', thread: 'wa:79161234567' });
  });

  it('says in words why WhatsApp refuses a template, and reads the list again', async () => {
    server.templates = [order, named];
    const template = await templateNamed('visit');
    const values = { 'body.client_name': 'Olga', 'body.day': 'Monday' };
    const changed = [body('{{client_name}}!')];
    const cases = [
      [{ components: changed }, 'templateChanged'],
      [{ language: 'de' }, 'templateUnknown'],
      [{ status: 'PAUSED' }, 'templatePaused'],
    ] as const;
    for (const [change, code] of cases) {
      server.templates = [{ ...named, ...change } as never];
      expect(await send(template, values)).toMatchObject({ state: 'failed', problemReason: { code } });
    }
    const before = lists();
    await list();
    expect(lists()).toBe(before + 1);
  });

  it('cannot list templates without the id of the business account', async () => {
    const other = connect({ businessAccountId: undefined });
    await expect(list(false, other)).rejects.toMatchObject({ trouble: 'refused', reason: { code: 'templatesUnset' } });
    expect(lists()).toBe(0);
  });
});
