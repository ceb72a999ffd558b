import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { reason } from '../../../domain/reasons/reasons.ts';
import { HttpClient } from '../../../runtime/http/client.ts';
import { parseJson } from '../../../runtime/http/fields.ts';
import { urlencoded } from '../../../runtime/http/json.ts';
import type { MailConfig } from '../schema.ts';
import { MailError, MailSetupError } from './trouble.ts';

/** What a mail server is shown: a password or a token. */
export interface Credentials {
  readonly user: string;
  readonly pass?: string;
  readonly accessToken?: string;
}

const Answer = Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Optional(Type.Number()) });
const run = promisify(execFile);
/** How long a token of which nobody said so is used, and how much before its end it is renewed, in milliseconds. */
const usualLife = 300_000;
const early = 60_000;
const patience = 30_000;

/** How a mailbox is logged in to. Tokens are fetched when they are needed and kept while they hold. */
export class MailCredentials {
  readonly #config: Pick<MailConfig, 'user' | 'address' | 'password' | 'oauth'>;
  #token: { readonly value: string; readonly until: number; shown: number } | null = null;
  /** A token is asked for once, however many connections wait for it. */
  #fetching: ReturnType<typeof fetchToken> | null = null;

  constructor(config: Pick<MailConfig, 'user' | 'address' | 'password' | 'oauth'>) {
    this.#config = config;
  }

  /** Rejects, without the secret in its message, when a token can't be had; with {@link MailSetupError} where it is refused for good. */
  async get(): Promise<Credentials> {
    const { oauth, password, user = this.#config.address } = this.#config;
    if (oauth === undefined) return password === undefined ? { user } : { user, pass: password };
    const token = this.#token !== null && this.#token.until > Date.now() ? this.#token : await this.#renew(oauth);
    token.shown += 1;
    return { user, accessToken: token.value };
  }

  async #renew(oauth: NonNullable<MailConfig['oauth']>) {
    this.#fetching ??= fetchToken(oauth).finally(() => {
      this.#fetching = null;
    });
    const fetched = await this.#fetching;
    if (this.#token?.value !== fetched.value) this.#token = { ...fetched, shown: 0 };
    return this.#token;
  }

  /**
   * The server refused what it was shown: the next token is fetched anew. Answers whether that is worth a try at once, since a token
   * that had served before may have ended before its time.
   */
  forget({ accessToken }: Credentials): boolean {
    if (accessToken === undefined) return false;
    const token = this.#token;
    // Another connection has found out before.
    if (token?.value !== accessToken) return true;
    this.#token = null;
    return token.shown > 1;
  }
}

async function fetchToken(oauth: NonNullable<MailConfig['oauth']>): Promise<{ value: string; until: number }> {
  if ('command' in oauth) {
    const [program, ...args] = oauth.command;
    const { stdout } = await run(program ?? '', args, { timeout: patience, maxBuffer: 65_536 }).catch(() => {
      throw new MailError(reason('tokenCommandFailed'));
    });
    const value = stdout.trim();
    if (value === '') throw new MailError(reason('tokenCommandSilent'));
    return { value, until: Date.now() + usualLife };
  }
  const { tokenUrl, clientId, clientSecret, refreshToken, scope } = oauth;
  const form = urlencoded({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: refreshToken,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    ...(scope !== undefined && { scope }),
  });
  const http = new HttpClient(new URL(tokenUrl).host, { timeout: patience / 1000, largestFile: 1 });
  const { status, body } = await http.request({ method: 'POST', url: tokenUrl, ...form });
  const answer = parseJson(body);
  if (status !== 200 || !Value.Check(Answer, answer)) {
    // RFC 6749, 5.2: a grant or client that is refused stays so; all else may pass.
    const final = status === 400 || status === 401;
    throw new (final ? MailSetupError : MailError)(reason('tokenServiceRefused', { status }));
  }
  return {
    value: answer.access_token,
    until: Date.now() + Math.max(0, (answer.expires_in ?? usualLife / 1000) * 1000 - early),
  };
}
