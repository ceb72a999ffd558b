import { randomBytes } from 'node:crypto';
import { Value } from 'typebox/value';
import { expect, onTestFinished, vi } from 'vitest';
import type { Connector } from '../../../../src/connectors/contract.ts';
import { telegram } from '../../../../src/connectors/telegram/connector.ts';
import { type TelegramConfig, TelegramSchema } from '../../../../src/connectors/telegram/schema.ts';
import { bitrix24 } from '../../../../src/crm/bitrix24/core.ts';
import { Bitrix24Schema } from '../../../../src/crm/bitrix24/schema.ts';
import { Cores, type CoresParts } from '../../../../src/crm/cores.ts';
import type { Line, Staff } from '../../../../src/domain/directory/manager.ts';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import type { AnswerWindow } from '../../../../src/domain/outbound/answer-window.ts';
import { requestMessage } from '../../../../src/outbound/request-message.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { derivedSecret } from '../../../../src/runtime/secrets.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import { type Portal, startPortal } from '../../../support/bitrix24/portal.ts';
import type { Chat } from '../../../support/bitrix24/state.ts';
import { manager } from '../../../support/calls.ts';
import { startHookServer } from '../../../support/hook-server.ts';
import { MessengerStore, receiverOf } from '../../../support/messenger-store.ts';
import { TelegramServer } from '../../../support/telegram-server.ts';
import { writtenAt } from '../../../support/written.ts';
import { DyingDeliveries } from '../dying-deliveries.ts';

const bot: Line = {
  id: 'bot',
  channel: 'message',
  address: 'tg',
  label: 'Shop bot',
  connection: 'tg',
  attribution: { source: null, medium: null, campaign: null },
  route: null,
};
const staff: Staff = { managers: [manager('anna', '101'), manager('boris', '102')], lines: [bot] };
const app = {
  clientId: 'local.1',
  clientSecret: 'secret',
  scopes: ['crm', 'telephony', 'user', 'placement', 'imconnector', 'imopenlines', 'im'],
} as const;

/**
 * An office whose Telegram bot is a channel of the Open Lines in a scripted portal. Anna (1) and Boris (2) are managers; Vera (3)
 * is only a user of the portal, and Olga (9) its administrator. The clock is the test's.
 */
export class LinesOffice {
  readonly portal: Portal;
  readonly server: TelegramServer;
  readonly desk: MessengerStore;
  readonly deliveries: DyingDeliveries;
  readonly time: { at: number };
  readonly #connector: Connector;
  #settings: object;
  readonly #key = randomBytes(32);
  #publicUrl = '';
  /** How often the program was started to deliver. */
  #lives = 0;
  /** How long the messenger takes free text; null: always. */
  window: AnswerWindow | null = null;
  /** The program that runs now. */
  cores: Cores;

  private constructor(
    portal: Portal,
    server: TelegramServer,
    desk: MessengerStore,
    connector: Connector,
    time: { at: number },
    settings: object,
  ) {
    this.portal = portal;
    this.server = server;
    this.desk = desk;
    this.time = time;
    this.#connector = connector;
    this.#settings = settings;
    const { store, intake } = desk;
    const start = (apply: CoresParts['apply']) => {
      // A program that was killed is started again.
      if (this.#lives <= this.deliveries.kills) this.cores = this.#start(apply);
      this.#lives = this.deliveries.kills + 1;
      const [one] = this.cores.destinations;
      if (one === undefined) throw new Error('no destination');
      return one.destination;
    };
    this.deliveries = new DyingDeliveries({ name: 'b24', store, intake, time, start });
    this.cores = this.#start((writes) => intake.apply(writes));
  }

  /** Opens the office with the application installed, and the bot connected to open line 1 unless `settings` say otherwise. */
  static async open(settings: object = {}, options: PortalOptions = {}): Promise<LinesOffice> {
    const time = { at: writtenAt + 60_000 };
    const clock = { now: () => time.at };
    const portal = await startPortal({
      clock,
      rate: 'off',
      users: [
        { id: 1, name: 'Anna', extension: '101' },
        { id: 2, name: 'Boris', extension: '102' },
        { id: 3, name: 'Vera', extension: '103' },
        { id: 9, name: 'Olga', admin: true },
      ],
      app,
      ...options,
    });
    const server = new TelegramServer();
    const api = await server.listen();
    const desk = await MessengerStore.open('tg', { clock, staff: () => staff });
    const config = Value.Default(TelegramSchema, { kind: 'telegram', token: server.token, api, mode: 'webhook' });
    const connector = telegram.create(config as TelegramConfig, desk.context);
    const office = new LinesOffice(portal, server, desk, connector, time, settings);
    onTestFinished(async () => {
      await connector.stop();
      await portal.close();
      await server.close();
      await desk.close();
    });
    const at = time.at;
    await desk.intake.apply([
      { op: 'staff', staff, at },
      { op: 'destinations', names: ['b24'], wants: { b24: bitrix24.wants }, at },
    ]);
    office.#publicUrl = await startHookServer(() => office.cores.hookReceiver('b24'));
    office.cores = office.#start((writes) => desk.intake.apply(writes));
    await office.install();
    return office;
  }

  /** Installs the application, and waits until it has registered and connected everything. */
  async install(): Promise<void> {
    const { counts } = this.portal.state;
    const registered = counts.get('imconnector.register') ?? 0;
    expect(await this.portal.install(`${this.#publicUrl}/api/v1/hooks/b24`)).toBe(200);
    await vi.waitFor(
      () => {
        expect(counts.get('imconnector.register') ?? 0).toBeGreaterThan(registered);
        expect(!this.isSet || this.isActive || this.cores.states[0]?.health === 'degraded').toBe(true);
      },
      { timeout: 20_000 },
    );
  }

  /** Starts the program again with other settings. */
  restart(settings: object): void {
    this.#settings = settings;
    this.cores = this.#start((writes) => this.desk.intake.apply(writes));
    this.#lives = 0;
  }

  /** Whether the settings name an open line for the bot. */
  get isSet(): boolean {
    return Object.keys({ openLines: { bot: 1 }, ...this.#settings }.openLines).length > 0;
  }

  /** Whether some open line takes the bot's messages. */
  get isActive(): boolean {
    return [...this.portal.state.connectors.values()].some(({ lines }) =>
      [...lines.values()].some(({ isActive }) => isActive === true),
    );
  }

  #start(apply: CoresParts['apply']): Cores {
    const { store, context, intake } = this.desk;
    const clock = { now: () => this.time.at };
    const config = Value.Default(Bitrix24Schema, {
      kind: 'bitrix24',
      timeout: 1,
      limits: { perSecond: 0 },
      language: 'en',
      historyTab: false,
      messages: 'openlines',
      openLines: { bot: 1 },
      app: {
        portal: this.portal.root,
        clientId: app.clientId,
        clientSecret: app.clientSecret,
        oauth: this.portal.root,
      },
      ...structuredClone(this.#settings),
    }) as { readonly kind: string };
    const sending = () => [{ connection: 'tg', ...(this.window !== null && { window: this.window }) }];
    return new Cores({
      settings: { b24: config },
      read: store.read,
      leases: store.leases,
      apply,
      blobs: context.blobs,
      vaultKey: () => this.#key,
      clock,
      log: silentLogger,
      staff: () => staff,
      signal: new AbortController().signal,
      publicUrl: this.#publicUrl,
      history: (query) => store.read.interactions(query),
      requestMessage: (request, known) =>
        requestMessage({ apply: (writes) => intake.apply(writes), read: store.read, sending, clock }, request, known),
    });
  }

  /** The client writes to the bot: message `n`, the same again for an edit. The portal gets it. */
  async write(n: number, more: object, kind: 'message' | 'edited_message' = 'message'): Promise<void> {
    await this.take(n, more, kind);
    await this.deliveries.deliver();
  }

  /** The client writes to the bot; nothing is delivered yet. */
  async take(n: number, more: object, kind: 'message' | 'edited_message' = 'message'): Promise<void> {
    const from = { id: 42, is_bot: false, first_name: 'Ivan', last_name: 'Petrov', username: 'ivan' };
    const message = { message_id: n, date: writtenAt / 1000 + n, from, chat: { id: 42, type: 'private' }, ...more };
    const body = Buffer.from(JSON.stringify({ update_id: n, [kind]: message }));
    const secret = derivedSecret(this.server.token, 'webhook tg');
    const headers = { 'x-telegram-bot-api-secret-token': secret };
    const answer = await receiverOf(this.#connector).receive({ method: 'POST', query: {}, headers, body });
    expect(answer.status).toBe(200);
  }

  /** Sends what waits in the queue of the bot, and tells the portal how far it came. */
  async send(): Promise<void> {
    this.desk.ahead = this.time.at - Date.now();
    for (const { id, state } of await this.desk.interactions())
      if (state === 'queued') await this.desk.send(this.#connector, id);
    await this.deliveries.deliver();
  }

  /** All contacts, the oldest first. */
  contacts(): Promise<readonly Interaction[]> {
    return this.desk.interactions();
  }

  /** The connector of the bot in the portal. */
  get connector(): string | null {
    const [one] = this.portal.state.connectors.keys();
    return one ?? null;
  }

  /** The chat of the client in the portal. */
  get chat(): Chat {
    const [one, ...others] = this.portal.state.chats.values();
    if (one === undefined || others.length > 0) throw new Error('expected one chat');
    return one;
  }

  /** What is read in the chat, without what was deleted: who, and the text. */
  get said(): readonly (readonly [string, string])[] {
    return this.chat.messages
      .filter(({ status }) => status !== 'deleted')
      .map(({ from, text }) => [from, text.replace(/[\u2063\u2064]/g, '')] as const);
  }

  /** What the client has got from the bot. */
  get sent(): readonly string[] {
    return this.server.messages.map(({ text }) => text);
  }
}
