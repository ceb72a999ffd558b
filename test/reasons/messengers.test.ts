import { Value } from 'typebox/value';
import { afterEach, describe, expect, it } from 'vitest';
import { avito } from '../../src/connectors/avito/connector.ts';
import { type AvitoConfig, AvitoSchema } from '../../src/connectors/avito/schema.ts';
import type { Connector, ConnectorContext } from '../../src/connectors/contract.ts';
import { max } from '../../src/connectors/max/connector.ts';
import { type MaxConfig, MaxSchema } from '../../src/connectors/max/schema.ts';
import { wordsIn } from '../../src/connectors/shared/words.ts';
import { telegram } from '../../src/connectors/telegram/connector.ts';
import { type TelegramConfig, TelegramSchema } from '../../src/connectors/telegram/schema.ts';
import { viber } from '../../src/connectors/viber/connector.ts';
import { readCallback } from '../../src/connectors/viber/message.ts';
import { type ViberConfig, ViberSchema } from '../../src/connectors/viber/schema.ts';
import { vk } from '../../src/connectors/vk/connector.ts';
import { type VkConfig, VkSchema } from '../../src/connectors/vk/schema.ts';
import { webhook } from '../../src/connectors/webhook/connector.ts';
import { readEvent } from '../../src/connectors/webhook/event.ts';
import { type WebhookConfig, WebhookSchema } from '../../src/connectors/webhook/schema.ts';
import { whatsapp } from '../../src/connectors/whatsapp/connector.ts';
import { readWebhook } from '../../src/connectors/whatsapp/message.ts';
import { type WhatsappConfig, WhatsappSchema } from '../../src/connectors/whatsapp/schema.ts';
import type { Reason } from '../../src/domain/base/reason.ts';
import type { ReasonCode } from '../../src/domain/reasons/reasons.ts';
import { problemText, reasonText } from '../../web/src/i18n/reasons/text.ts';
import { hook } from '../connectors/avito/bench.ts';
import { untilTrue } from '../connectors/contract-bench.ts';
import { AvitoServer } from '../support/avito-server.ts';
import { MaxServer } from '../support/max-server.ts';
import { MessengerStore, receiverOf } from '../support/messenger-store.ts';
import { type Answered, json, ScriptedService } from '../support/scripted-service.ts';
import { TelegramServer } from '../support/telegram-server.ts';
import { ViberServer } from '../support/viber-server.ts';
import { VkServer } from '../support/vk-server.ts';
import { WhatsappServer } from '../support/whatsapp-server.ts';

/** Names that stay as they are in a Russian text: services, protocols and the test's connection. */
const names = /Telegram|WhatsApp|Viber|VK|MAX|Avito|HTTP|\bchat\b|price\.pdf|`url`|proto\.payload|\b[A-Z]{2,}\b/g;

function expectRussian(text: string | null): void {
  expect(text).toMatch(/[а-я]/);
  expect(text?.replace(names, '')).not.toMatch(/[A-Za-z]{2,}/);
}

interface Case {
  readonly service: () => ScriptedService;
  readonly create: (service: ScriptedService, api: string, context: ConnectorContext) => Connector;
  /** Has the service asked for what it is asked only once, so that its next answer is the one to a message. */
  readonly prepare?: (connector: Connector) => Promise<unknown>;
  /** The service's answer to a message, and the resulting state. */
  readonly answers: readonly (readonly [Answered, ReasonCode, 'failed' | 'queued'])[];
  /** The state of a message whose sending a crash interrupted. */
  readonly crashed: ReasonCode | null;
  /** How the service rejects our credentials. */
  readonly unknown: Answered | null;
}

const telegramFails = (error_code: number, description: string, parameters?: object) =>
  json({ ok: false, error_code, description, parameters }, error_code);
const metaFails = (code: number, message = 'Something that nobody foresaw') =>
  json({ error: { message, code, type: 'OAuthException' } }, 400);
const viberFails = (status: number) => json({ status, status_message: 'in words of its own' });
const vkFails = (error_code: number) => json({ error: { error_code, error_msg: 'In words of its own' } });
const avitoFails = (code: number) => json({ error: { code, message: 'In words of its own' } }, code);
const maxFails = (status: number, code: string) => json({ code, message: 'in words of its own' }, status);

const cases: Readonly<Record<string, Case>> = {
  telegram: {
    service: () => new TelegramServer(),
    create: (_, api, context) => {
      const token = new TelegramServer().token;
      const given = { kind: 'telegram', token, api, mode: 'webhook' };
      return telegram.create(Value.Default(TelegramSchema, given) as TelegramConfig, context);
    },
    answers: [
      [telegramFails(403, 'Forbidden: bot was blocked by the user'), 'blockedUs', 'failed'],
      [telegramFails(403, 'Forbidden: bot was kicked from the group chat'), 'blockedUs', 'failed'],
      [telegramFails(403, 'Forbidden: user is deactivated'), 'accountGone', 'failed'],
      [telegramFails(403, "Forbidden: bot can't initiate conversation with a user"), 'neverWrote', 'failed'],
      [telegramFails(400, 'Bad Request: chat not found'), 'chatGone', 'failed'],
      [telegramFails(400, 'Bad Request: not enough rights to send text messages'), 'writingForbidden', 'failed'],
      [telegramFails(400, 'Bad Request: message is too long'), 'textTooLong', 'failed'],
      [telegramFails(400, 'Bad Request: wrong file identifier'), 'fileRefused', 'failed'],
      [telegramFails(400, 'Bad Request: what nobody foresaw'), 'refusedByProvider', 'failed'],
      [telegramFails(429, 'Too Many Requests: retry after 5', { retry_after: 5 }), 'rateLimited', 'queued'],
      [telegramFails(401, 'Unauthorized'), 'tokenInvalid', 'queued'],
      [telegramFails(409, 'Conflict: terminated by other getUpdates request'), 'otherProgram', 'queued'],
      [telegramFails(500, 'Internal Server Error'), 'unsure', 'queued'],
    ],
    crashed: 'stoppedUnasked',
    unknown: telegramFails(401, 'Unauthorized'),
  },
  whatsapp: {
    service: () => new WhatsappServer(),
    create: (_, api, context) => {
      const secrets = { token: new WhatsappServer().token, appSecret: 'the app secret', verifyToken: 'verify me' };
      const given = { kind: 'whatsapp', phoneNumberId: '1010', api, ...secrets };
      return whatsapp.create(Value.Default(WhatsappSchema, given) as WhatsappConfig, context);
    },
    answers: [
      [metaFails(131047), 'windowClosed', 'failed'],
      [metaFails(131026), 'notOnService', 'failed'],
      [metaFails(131050), 'writingForbidden', 'failed'],
      [metaFails(131051), 'kindRefused', 'failed'],
      [metaFails(131053), 'fileRefused', 'failed'],
      [metaFails(131049), 'deliveryHeldBack', 'failed'],
      [metaFails(130497), 'countryUnsupported', 'failed'],
      [metaFails(132000), 'templateChanged', 'failed'],
      [metaFails(132001), 'templateUnknown', 'failed'],
      [metaFails(132007), 'templateRefused', 'failed'],
      [metaFails(132015), 'templatePaused', 'failed'],
      [metaFails(100), 'refusedByProvider', 'failed'],
      [metaFails(190), 'tokenInvalid', 'queued'],
      [metaFails(200), 'rightMissing', 'queued'],
      [metaFails(131031), 'accountBlocked', 'queued'],
      [metaFails(131042), 'paymentMissing', 'queued'],
      [metaFails(130429), 'rateLimited', 'queued'],
      [metaFails(131016), 'providerDown', 'queued'],
    ],
    crashed: 'stoppedReported',
    unknown: metaFails(190),
  },
  viber: {
    service: () => new ViberServer(),
    create: (_, api, context) => {
      const given = { kind: 'viber', token: new ViberServer().token, api, sender: { name: 'Shop' } };
      return viber.create(Value.Default(ViberSchema, given) as ViberConfig, context);
    },
    answers: [
      [viberFails(5), 'accountGone', 'failed'],
      [viberFails(6), 'blockedUs', 'failed'],
      [viberFails(11), 'appTooOld', 'failed'],
      [viberFails(21), 'countryUnsupported', 'failed'],
      [viberFails(3), 'refusedByProvider', 'failed'],
      [viberFails(2), 'tokenInvalid', 'queued'],
      [viberFails(7), 'accountBlocked', 'queued'],
      [viberFails(10), 'webhookMissing', 'queued'],
      [viberFails(15), 'rightMissing', 'queued'],
      [viberFails(24), 'paymentMissing', 'queued'],
      [viberFails(12), 'rateLimited', 'queued'],
    ],
    crashed: 'stoppedUnasked',
    unknown: viberFails(2),
  },
  vk: {
    service: () => new VkServer(),
    create: (_, api, context) => {
      const secrets = { token: new VkServer().token, secret: 'a secret of ours', confirmation: 'abc123' };
      return vk.create(Value.Default(VkSchema, { kind: 'vk', group: '9', api, ...secrets }) as VkConfig, context);
    },
    answers: [
      [vkFails(900), 'blockedUs', 'failed'],
      [vkFails(901), 'writingForbidden', 'failed'],
      [vkFails(914), 'textTooLong', 'failed'],
      [vkFails(917), 'chatGone', 'failed'],
      [vkFails(936), 'accountGone', 'failed'],
      [vkFails(100), 'refusedByProvider', 'failed'],
      [vkFails(5), 'tokenInvalid', 'queued'],
      [vkFails(7), 'rightMissing', 'queued'],
      [vkFails(9), 'rateLimited', 'queued'],
      [vkFails(10), 'providerDown', 'queued'],
    ],
    crashed: null,
    unknown: vkFails(5),
  },
  max: {
    service: () => new MaxServer(),
    create: (_, api, context) => {
      const given = { kind: 'max', token: new MaxServer().token, api };
      return max.create(Value.Default(MaxSchema, given) as MaxConfig, context);
    },
    answers: [
      [maxFails(403, 'chat.denied'), 'blockedUs', 'failed'],
      [maxFails(404, 'chat.not.found'), 'chatGone', 'failed'],
      [maxFails(404, 'dialog.not.found'), 'neverWrote', 'failed'],
      [maxFails(400, 'proto.payload'), 'refusedByProvider', 'failed'],
      [maxFails(400, 'attachment.not.ready'), 'fileNotReady', 'queued'],
      [maxFails(401, 'verify.token'), 'serviceDenied', 'queued'],
      [maxFails(429, 'too.many.requests'), 'serviceBusy', 'queued'],
      [maxFails(500, 'internal'), 'unsure', 'queued'],
    ],
    crashed: 'stoppedUnasked',
    unknown: maxFails(401, 'verify.token'),
  },
  avito: {
    service: () => {
      const server = new AvitoServer();
      server.addChat('u2i-1');
      return server;
    },
    create: (_, api, context) => {
      const { clientId, clientSecret } = new AvitoServer();
      const given = { kind: 'avito', clientId, clientSecret, api };
      return avito.create(Value.Default(AvitoSchema, given) as AvitoConfig, context);
    },
    prepare: (connector) => {
      const server = new AvitoServer();
      const request = server.reports('u2i-1', server.add('u2i-1', { content: { text: 'Сколько?' } }));
      return receiverOf(connector).receive(hook(request, 'chat'));
    },
    answers: [
      [avitoFails(400), 'refusedByProvider', 'failed'],
      [avitoFails(404), 'chatGone', 'failed'],
      [avitoFails(402), 'paymentMissing', 'queued'],
      [avitoFails(403), 'rightMissing', 'queued'],
      [avitoFails(429), 'rateLimited', 'queued'],
      [avitoFails(500), 'unsure', 'queued'],
    ],
    crashed: 'stoppedBefore',
    unknown: json({ error: 'invalid_client', error_description: 'in words of its own' }),
  },
  webhook: {
    service: () => new ScriptedService(() => json({})),
    create: (_, url, context) => {
      const given = { kind: 'webhook', secret: 'a secret that is long', account: 'shop', url };
      return webhook.create(Value.Default(WebhookSchema, given) as WebhookConfig, context);
    },
    answers: [
      [{ status: 400, body: 'no such client' }, 'serviceRefused', 'failed'],
      [{ status: 403, body: 'go away' }, 'serviceDenied', 'queued'],
      [{ status: 429, body: 'slowly' }, 'serviceBusy', 'queued'],
      [{ status: 500, body: 'Internal Server Error' }, 'serviceFailed', 'queued'],
    ],
    crashed: null,
    unknown: null,
  },
};

describe.each(Object.entries(cases))('the desk of a Russian operator, with failures of %s', (kind, one) => {
  let desk: MessengerStore;
  let service: ScriptedService;
  let connector: Connector;

  async function open({ isPrepared = true } = {}): Promise<void> {
    service = one.service();
    const api = await service.listen();
    desk = await MessengerStore.open('chat');
    connector = one.create(service, api, desk.context);
    if (isPrepared) await one.prepare?.(connector);
  }

  afterEach(async () => {
    await connector.stop();
    await service.close();
    await desk.close();
  });

  const write = () =>
    desk.write('Да', {
      to: {
        email: null,
        phone: '+79161234567',
        account: { kind: kind === 'webhook' ? 'shop' : kind, connection: 'chat', id: '42', username: null },
        name: null,
      },
    });

  async function expectProblem(id: Awaited<ReturnType<typeof write>>, code: ReasonCode, state: string): Promise<void> {
    const sent = await desk.send(connector, id);
    expect(sent).toMatchObject({ state, problemReason: { code } });
    expect(sent.problem).toMatch(/[a-z]{3}/);
    expectRussian(problemText(sent, 'ru'));
  }

  it.each(one.answers)('shows no English for the answer %j', async (answer, code, state) => {
    await open();
    service.next.push(answer);
    await expectProblem(await write(), code, state);
  });

  it.each(['down', 'cut', 'broken'] as const)('shows no English while it is %s', async (mode) => {
    await open();
    service.mode = mode;
    const sent = await desk.send(connector, await write());
    expect(sent.problemReason).not.toBeNull();
    expectRussian(problemText(sent, 'ru'));
  });

  it('shows no English after a crash', async () => {
    await open();
    if (one.crashed === null) return;
    const id = await write();
    await desk.intake.apply([{ op: 'begin-sending', id, at: Date.now() }]);
    await expectProblem(id, one.crashed, 'queued');
  });

  it('shows no English in the connection’s state', async () => {
    await open({ isPrepared: false });
    if (one.unknown === null) return;
    service.next.push(one.unknown);
    await connector.start();
    await untilTrue(() => desk.context.stateReasons.length > 0);
    expectRussian(reasonText(desk.context.stateReasons[0] as Reason, 'ru'));
  });
});

describe('later reports of messengers', () => {
  const problemOf = (report: object | null | undefined) =>
    problemText(report as { problem: string; problemReason: Reason }, 'ru');

  it('show no English: Viber', () => {
    const failed = { event: 'failed', message_token: 1, timestamp: 1, desc: 'failure description' };
    const report = readCallback(failed, { connection: 'chat', sharedContacts: 'claim', now: 0, words: wordsIn.ru });
    expect(report).toMatchObject({ problem: 'Viber could not deliver the message: failure description' });
    expectRussian(problemOf(report));
  });

  it.each([
    [{ errors: [{ code: 131026, title: 'Message undeliverable' }] }, 'notOnService'],
    [{ errors: [{ code: 424242, title: 'What nobody foresaw' }] }, 'refusedByProvider'],
    [{}, 'notDelivered'],
  ])('show no English: WhatsApp %j', (more, code) => {
    const value = {
      metadata: { phone_number_id: '1010' },
      statuses: [{ id: 'wamid.1', status: 'failed', timestamp: '1', ...more }],
    };
    const reading = {
      connection: 'chat',
      phoneNumberId: '1010',
      now: 0,
      words: wordsIn.ru,
      locate: () => () => Promise.reject(),
    };
    const [report] = readWebhook({ entry: [{ changes: [{ value }] }] }, reading);
    expect(report).toMatchObject({ kind: 'report', problemReason: { code } });
    expectRussian(problemOf(report));
  });

  it('show no English: a custom program, whose own words appear in the API unchanged', () => {
    const failed = { type: 'report', id: 'x', state: 'failed', problem: 'no such room' };
    const report = readEvent(failed, { connection: 'chat', account: 'shop', now: 0 });
    expect(report).toMatchObject({ problem: 'no such room', problemReason: { code: 'notDelivered' } });
    expectRussian(problemOf(report));
  });
});
