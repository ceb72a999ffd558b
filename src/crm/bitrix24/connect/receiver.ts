import type { HookAnswer, HookReceiver, HookRequest } from '../../../domain/ports/hooks.ts';
import { type Fields, fields, text } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import { type EventHandler, eventOf } from '../events/event.ts';
import { handlersFor } from '../events/handlers.ts';
import { readForm } from '../events/read-form.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { Application } from './application.ts';
import { type Granted, hostOf, type OAuth } from './oauth.ts';
import { type Proof, postedOf } from './proof.ts';
import { isSame } from './same-text.ts';
import type { AppConfig } from './settings.ts';
import { eventKey, isOwnState } from './state.ts';
import type { Tokens } from './tokens.ts';

/** Dependencies of the receiver. */
export interface ReceiverParts {
  readonly app: AppConfig;
  readonly application: Application;
  readonly oauth: OAuth;
  /** Proves that posted tokens are ours. */
  readonly proof: Proof;
  readonly parts: Bitrix24Parts;
  /** Called after each installation. */
  readonly onInstalled?: () => void;
  /** The table of handlers; the core's own by default. */
  readonly handlers?: Readonly<Record<string, EventHandler>>;
}

const refused: HookAnswer = { status: 403, body: 'refused' };
const done: HookAnswer = { status: 200, body: 'ok' };

/**
 * Receives what the portal posts: the installation of our application with its first tokens, and events. A browser
 * comes here too, with a code, if the application was authorised by hand.
 */
export class PortalReceiver implements HookReceiver {
  readonly #parts: ReceiverParts;
  /** Installations are checked with the OAuth server one at a time, since anybody can post one. */
  #installing = false;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
  }

  async receive({ method, query, body }: HookRequest): Promise<HookAnswer> {
    if (method === 'GET') return this.#authorised(query);
    const form = readForm(body);
    const { parts, handlers = handlersFor(parts.config) } = this.#parts;
    const event = form === null ? null : eventOf(form, parts.context.clock.now());
    if (form === null || event === null) return { status: 400, body: 'expected an event of Bitrix24' };
    const auth = fields(form.auth);
    if (event.name === 'ONAPPINSTALL') return this.#installed(auth);
    if (!(await this.#isGenuine(auth, query.key ?? ''))) return refused;
    const handler = Object.hasOwn(handlers, event.name) ? handlers[event.name] : undefined;
    try {
      await handler?.(event, parts);
      return done;
    } catch (error) {
      parts.context.log.warn({ err: error, event: event.name }, 'could not handle an event of the portal');
      return { status: 500, body: 'not handled' };
    }
  }

  /** The portal posts the first tokens. */
  async #installed(auth: Fields): Promise<HookAnswer> {
    const { app, proof, parts } = this.#parts;
    const posted = postedOf(auth);
    if (posted === null || text(auth.domain)?.toLowerCase() !== hostOf(app.portal)) return refused;
    return this.#install(
      () => proof(posted, parts.context.signal),
      (granted) => (granted.member === posted.member ? { application: text(auth.application_token) } : null),
      done,
    );
  }

  /** A browser returns from the portal's consent page. */
  async #authorised(query: Readonly<Record<string, string>>): Promise<HookAnswer> {
    const { app, oauth, parts } = this.#parts;
    const { code = '', state = '', domain = '' } = query;
    const isOurs = isOwnState(state, app.clientSecret, parts.context.clock.now());
    if (code === '' || !isOurs || domain.toLowerCase() !== hostOf(app.portal)) return refused;
    return this.#install(
      () => oauth.exchange(code, parts.context.signal),
      () => ({ application: null }),
      { status: 200, body: 'Patchbay is connected to the portal. You can close this page.' },
    );
  }

  async #install(
    grant: () => Promise<Granted>,
    judge: (granted: Granted) => { readonly application: string | null } | null,
    answer: HookAnswer,
  ): Promise<HookAnswer> {
    if (this.#installing) return { status: 503, body: 'busy' };
    this.#installing = true;
    const { log } = this.#parts.parts.context;
    try {
      const granted = await grant();
      const judged = judge(granted);
      if (judged === null) return refused;
      await this.#parts.application.install(granted, judged.application);
      log.info('the application was installed in the portal');
      this.#parts.onInstalled?.();
      return answer;
    } catch (error) {
      const { trouble, reason } = asServiceError(error);
      log.warn({ err: error, reason: reason.code }, 'could not take over the installation of the application');
      return trouble === 'access' || trouble === 'refused' ? refused : { status: 503, body: 'not stored' };
    } finally {
      this.#installing = false;
    }
  }

  /**
   * Events carry the application's token, which only the portal and we know. An application that was authorised by
   * hand gets it with its first event, which the key in our address vouches for.
   */
  async #isGenuine(auth: Fields, key: string): Promise<boolean> {
    const { app, application } = this.#parts;
    const [given, member] = [text(auth.application_token), text(auth.member_id)];
    if (given === null) return false;
    const isOurs = (tokens: Tokens | null) =>
      tokens !== null && tokens.member === member && tokens.application !== null && isSame(given, tokens.application);
    if (isOurs(await application.tokens()) || isOurs(await application.tokens({ fresh: true }))) return true;
    const tokens = await application.tokens();
    if (tokens === null || tokens.application !== null || tokens.member !== member) return false;
    if (!isSame(key, eventKey(app.clientSecret))) return false;
    await application.learn(given);
    return true;
  }
}
