import type { HookAnswer, HookRequest } from '../../domain/ports/hooks.ts';
import { parseJson } from '../../runtime/http/fields.ts';
import type { ReachSettings } from '../../runtime/http/settings.ts';
import { derivedSecret, sameSecret } from '../../runtime/secrets.ts';
import type { ConnectorContext } from '../contract.ts';
import { LongPoll, type Polled } from './long-poll.ts';
import { MessengerConnection } from './messenger.ts';

/** Settings of a bot, which receives updates by webhook or polling. */
export interface BotSettings extends ReachSettings {
  readonly token: string;
  /** Root of the service's API. */
  readonly api: string;
  readonly mode: 'webhook' | 'polling';
}

/** The header in which a service sends our secret with each webhook request, and its name in errors. */
export interface SecretHeader {
  readonly header: string;
  readonly called: string;
}

/** A bot that gets its updates by webhook, with one update per request and a secret header, or by long polling. */
export abstract class BotConnection extends MessengerConnection {
  /** The secret that the service sends with each webhook request. */
  protected readonly secret: string;
  readonly #expected: SecretHeader;
  readonly #polling: LongPoll | null;

  constructor(service: string, expected: SecretHeader, settings: BotSettings, context: ConnectorContext) {
    super(service, settings, context);
    this.#expected = expected;
    this.secret = derivedSecret(settings.token, `webhook ${context.connection}`);
    const polled = {
      open: (signal: AbortSignal) => this.openPolling(signal),
      poll: (cursor: string | null, signal: AbortSignal) => this.poll(cursor, signal),
      take: (update: unknown) =>
        this.take(update).catch((error: unknown) => this.quarantineFault(Buffer.from(JSON.stringify(update)), error)),
    };
    this.#polling = settings.mode === 'webhook' ? null : new LongPoll(context, polled);
  }

  override async start(): Promise<void> {
    if (this.#polling === null) return super.start();
    this.#polling.start();
  }

  override stop(): Promise<void> {
    return this.#polling === null ? super.stop() : this.#polling.stop();
  }

  override async receive({ method, headers, body }: HookRequest): Promise<HookAnswer> {
    if (method !== 'POST' || this.#polling !== null) return this.refusals.refuse(405, 'this connection has no webhook');
    const given = headers[this.#expected.header];
    if (typeof given !== 'string' || !sameSecret(given, this.secret))
      return this.refusals.refuse(401, `wrong ${this.#expected.called}`);
    return this.takeHook(body);
  }

  protected override takeIn(body: Buffer): Promise<void> {
    return this.take(parseJson(body.toString('utf8')));
  }

  /** Prepares polling; see {@link LongPoll}. */
  protected abstract openPolling(signal: AbortSignal): Promise<void>;

  /** Waits for updates after the cursor. */
  protected abstract poll(cursor: string | null, signal: AbortSignal): Promise<Polled>;

  /** Processes one update. Rejects if it could not be stored. */
  protected abstract take(update: unknown): Promise<void>;
}
