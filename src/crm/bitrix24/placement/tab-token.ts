import { text } from '../../../runtime/http/fields.ts';
import type { HistoryQuery } from '../../contract.ts';
import { readToken, signedToken } from '../connect/signed-token.ts';

/** How long earlier contacts can be asked for, in milliseconds. */
const lifetime = 10 * 60_000;
const purpose = 'history';

/** The contacts that a reader of the tab may see. */
export type Shown = Pick<HistoryQuery, 'client' | 'deal' | 'phone' | 'cursor'>;

/** A token for the next page of the same contacts. It says what the portal has allowed its user to see. */
export function tokenFor(shown: Shown, secret: string, now: number): string {
  return signedToken(purpose, { ...shown }, now + lifetime, secret);
}

/** What a token shows; null if we did not sign it, or if it has expired. */
export function shownBy(token: string, secret: string, now: number): Shown | null {
  const content = readToken(purpose, token, secret, now);
  if (content === null) return null;
  const { client, deal, phone, cursor } = content;
  const of = Object.entries({ client, deal, phone }).filter(([, value]) => text(value) !== null);
  return { ...Object.fromEntries(of), cursor: text(cursor) };
}
