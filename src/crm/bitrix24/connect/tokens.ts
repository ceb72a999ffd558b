import { fields, id, list, number, parseJson, text } from '../../../runtime/http/fields.ts';
import type { Vault } from '../../contract.ts';

/** The tokens of an installed application. */
export interface Tokens {
  readonly access: string;
  /** Each one can be used once. */
  readonly refresh: string;
  /** `member_id`: identifies the portal even if its domain changes. */
  readonly member: string;
  /** The user who installed the application, and whose rights it has. */
  readonly user: number | null;
  readonly scopes: readonly string[];
  /** Proves that events come from the portal; null until the portal has given it. */
  readonly application: string | null;
}

const secret = 'tokens';

/** Reads the tokens; null if the application is not installed, or if they can't be decrypted any more. */
export async function readTokens(vault: Vault): Promise<Tokens | null> {
  const stored = fields(parseJson((await vault.get(secret)) ?? ''));
  const [access, refresh, member] = [text(stored.access), text(stored.refresh), id(stored.member)];
  if (access === null || refresh === null || member === null) return null;
  const scopes = list(stored.scopes).filter((scope) => typeof scope === 'string');
  return { access, refresh, member, user: number(stored.user), scopes, application: text(stored.application) };
}

/** Resolves when the tokens are stored durably. */
export async function storeTokens(vault: Vault, tokens: Tokens): Promise<void> {
  await vault.put(secret, JSON.stringify(tokens));
}
