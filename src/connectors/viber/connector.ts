import type { Outbound, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { HookAnswer, HookRequest } from '../../domain/ports/hooks.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { parseJson } from '../../runtime/http/fields.ts';
import { hmacHex, sameSecret } from '../../runtime/secrets.ts';
import type { ConnectorContext, ConnectorDefinition } from '../contract.ts';
import { hookUrl, MessengerConnection, messageIdOf, ownAccount } from '../shared/messenger.ts';
import { pieces, sendParts } from '../shared/sending.ts';
import { wordsIn } from '../shared/words.ts';
import { ViberApi } from './api.ts';
import { messageKey, readCallback } from './message.ts';
import { type ViberConfig, ViberSchema } from './schema.ts';

/** The events we subscribe to. Viber always sends messages and subscriptions. */
const wanted = ['delivered', 'seen', 'failed', 'conversation_started'];
const maxTextLength = 7000;

/** Connector for Viber bots. */
export const viber: ConnectorDefinition<ViberConfig> = {
  kind: 'viber',
  schema: ViberSchema,
  sends: {
    channel: 'message',
    to: 'account',
    provider: 'Viber',
    unreached: reason('notSubscribed', { provider: 'Viber' }),
  },
  create: (config, context) => new ViberConnection(config, context),
};

class ViberConnection extends MessengerConnection {
  readonly #config: ViberConfig;
  readonly #api: ViberApi;
  #hasWebhook = false;

  constructor(config: ViberConfig, context: ConnectorContext) {
    super('Viber', config, context);
    this.#config = config;
    this.#api = new ViberApi(config, this.http);
  }

  override async receive({ method, headers, body }: HookRequest): Promise<HookAnswer> {
    if (method !== 'POST') return this.refusals.refuse(405, 'expected POST');
    const given = headers['x-viber-content-signature'];
    if (typeof given !== 'string' || !sameSecret(given, hmacHex(this.#config.token, body)))
      return this.refusals.refuse(401, 'wrong signature');
    return this.takeHook(body);
  }

  protected override async takeIn(body: Buffer): Promise<void> {
    const { connection, clock, language } = this.context;
    const { sharedContacts } = this.#config;
    const reading = { connection, sharedContacts, now: clock.now(), words: wordsIn[language] };
    await this.messages.takeAny(readCallback(parseJson(body.toString('utf8')), reading));
  }

  override async send({ id: outbound, content }: Outbound, signal: AbortSignal): Promise<SendOutcome> {
    const { connection } = this.context;
    const receiver = content.replyTo?.user ?? ownAccount(content, connection);
    if (receiver === null) return { kind: 'failed', reason: reason('neverWrote', { provider: 'Viber' }) };
    // Viber downloads files from public URLs, but ours require a login.
    if (content.attachments.length > 0)
      return { kind: 'failed', reason: reason('filesUnsupported', { provider: 'Viber' }) };
    const common = { receiver, sender: this.#config.sender, min_api_version: 1, tracking_data: outbound };
    const parts = pieces(content.text, maxTextLength).map((text) => ({
      text,
      files: [],
      send: async (stop: AbortSignal) => {
        const { message_token } = await this.#api.call('send_message', { ...common, type: 'text', text }, stop);
        return messageKey(connection, messageIdOf(message_token, 'Viber'));
      },
    }));
    return sendParts(parts, { user: receiver }, signal);
  }

  /** Sets the webhook once, which Viber tests immediately. Later, it checks that the webhook is still ours. */
  protected override async check(signal: AbortSignal): Promise<null> {
    const url = hookUrl(this.context);
    const { webhook } = await this.#api.call('get_account_info', {}, signal);
    if (!this.#hasWebhook || webhook !== url) {
      await this.#api.call('set_webhook', { url, event_types: wanted, send_name: true, send_photo: false }, signal);
      this.#hasWebhook = true;
    }
    return null;
  }
}
