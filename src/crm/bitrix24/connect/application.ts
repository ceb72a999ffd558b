import { reason } from '../../../domain/reasons/reasons.ts';
import { asServiceError, ServiceError } from '../../../runtime/http/service-error.ts';
import type { CoreContext } from '../../contract.ts';
import type { Authority } from '../api/authority.ts';
import { expiredToken, service } from '../api/errors.ts';
import { type Granted, hostOf, invalidGrant, type OAuth } from './oauth.ts';
import type { AppConfig } from './settings.ts';
import { readTokens, storeTokens, type Tokens } from './tokens.ts';

/** Name of the lease under which tokens are changed. */
const purpose = 'tokens';

/**
 * A local application of the portal. Its tokens are in the vault, shared by all instances. They are renewed when the
 * portal calls one expired, by one instance at a time, and used only once they are stored.
 */
export class Application implements Authority {
  readonly #config: AppConfig;
  readonly #context: Pick<CoreContext, 'vault' | 'lease'>;
  readonly #oauth: OAuth;
  #known: Tokens | null = null;
  /** Tokens that could not be stored yet: the ones in the store can't be renewed any more. */
  #unstored: Tokens | null = null;
  /** A refresh token that the OAuth server no longer knows, so that it is not asked again. */
  #dead: string | null = null;

  constructor(config: AppConfig, context: Pick<CoreContext, 'vault' | 'lease'>, oauth: OAuth) {
    this.#config = config;
    this.#context = context;
    this.#oauth = oauth;
  }

  /** The tokens, or null if the application is not installed. `fresh`: as stored, since another instance may have changed them. */
  async tokens({ fresh = false } = {}): Promise<Tokens | null> {
    if (fresh || this.#known === null) this.#known = await readTokens(this.#context.vault);
    return this.#known;
  }

  async open(method: string): Promise<{ readonly url: string; readonly parameters: { readonly auth: string } }> {
    if (this.#unstored !== null) await this.#changing(async () => undefined);
    const tokens = await this.tokens();
    if (tokens === null) throw new ServiceError('access', reason('appNotInstalled', { portal: this.#host }));
    const root = this.#config.portal.replace(/\/$/, '');
    return { url: `${root}/rest/${method}.json`, parameters: { auth: tokens.access } };
  }

  async renew(refused: { readonly parameters: Readonly<Record<string, unknown>> }, error: ServiceError) {
    const { auth } = refused.parameters;
    if (this.#known !== null && this.#known.access !== auth) return true;
    return this.#changing(async (signal) => {
      const stored = await readTokens(this.#context.vault);
      this.#known = stored;
      // Another instance renewed them, or the application was installed again.
      if (stored === null || stored.access !== auth) return true;
      // Tokens that are wrong for another reason stay wrong; renewing them all the time can get the application blocked.
      if (error.code !== expiredToken) throw this.#reinstall();
      await this.#refresh(stored, signal);
      return true;
    });
  }

  /** Stores the token of events, which the portal gives only with events if the application was authorised by hand. */
  async learn(application: string): Promise<void> {
    await this.#changing(async () => {
      const stored = await readTokens(this.#context.vault);
      if (stored !== null) await this.#store({ ...stored, application });
    });
  }

  /** Stores what a new installation granted. `application` is the token of its events, if the portal gave one. */
  async install(granted: Granted, application: string | null): Promise<void> {
    await this.#changing(async () => {
      const before = await readTokens(this.#context.vault);
      const kept = before?.member === granted.member ? before.application : null;
      await this.#store({ ...granted, application: application ?? kept });
    });
    this.#dead = null;
  }

  get #host(): string {
    return hostOf(this.#config.portal);
  }

  /** Runs a change of the tokens, one at a time over all instances, after storing what was left over. */
  #changing<Result>(change: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return this.#context.lease.hold(purpose, async (signal) => {
      if (this.#unstored !== null) await this.#store(this.#unstored);
      return change(signal);
    });
  }

  async #refresh(stored: Tokens, signal: AbortSignal): Promise<void> {
    if (stored.refresh === this.#dead) throw this.#reinstall();
    try {
      const granted = await this.#oauth.refresh(stored.refresh, signal);
      await this.#store({ ...granted, application: stored.application });
    } catch (error) {
      if (asServiceError(error).code !== invalidGrant) throw error;
      // The command line is not held back by the lease of an embedded store: it may have renewed them just now.
      const now = await readTokens(this.#context.vault);
      this.#known = now;
      if (now !== null && now.refresh !== stored.refresh) return;
      this.#dead = stored.refresh;
      throw this.#reinstall();
    }
  }

  /** Tokens are used only after they are stored: a program that dies with the only copy would lose the portal. */
  async #store(tokens: Tokens): Promise<void> {
    this.#unstored = tokens;
    await storeTokens(this.#context.vault, tokens);
    this.#unstored = null;
    this.#known = tokens;
  }

  #reinstall(): ServiceError {
    return new ServiceError('access', reason('appReinstall', { service, portal: this.#host }));
  }
}
