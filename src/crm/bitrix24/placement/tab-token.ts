import { createHmac, timingSafeEqual } from 'node:crypto';
import { fields, number, parseJson, text } from '../../../runtime/http/fields.ts';
import type { HistoryQuery } from '../../contract.ts';

/** How long earlier contacts can be asked for, in milliseconds. */
const lifetime = 10 * 60_000;

/** The contacts that a reader of the tab may see. */
export type Shown = Pick<HistoryQuery, 'client' | 'deal' | 'phone' | 'cursor'>;

/** A token for the next page of the same contacts. It says what the portal has allowed its user to see. */
export function tokenFor(shown: Shown, secret: string, now: number): string {
  const content = Buffer.from(JSON.stringify({ ...shown, until: now + lifetime })).toString('base64url');
  return `${content}.${signed(content, secret)}`;
}

/** What a token shows; null if we did not sign it, or if it has expired. */
export function shownBy(token: string, secret: string, now: number): Shown | null {
  const [content = '', signature = ''] = token.split('.', 2);
  const [given, expected] = [Buffer.from(signature), Buffer.from(signed(content, secret))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const { client, deal, phone, cursor, until } = fields(parseJson(Buffer.from(content, 'base64url').toString()));
  if ((number(until) ?? 0) < now) return null;
  const of = Object.entries({ client, deal, phone }).filter(([, value]) => text(value) !== null);
  return { ...Object.fromEntries(of), cursor: text(cursor) };
}

function signed(content: string, secret: string): string {
  return createHmac('sha256', secret).update(`patchbay history ${content}`).digest('base64url');
}
