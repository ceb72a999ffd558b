import { createHmac } from 'node:crypto';
import { type Fields, fields, number, parseJson } from '../../../runtime/http/fields.ts';
import { isSame } from './same-text.ts';

/**
 * A token that says what its bearer may do until some time, in milliseconds since the epoch. It needs no storage: it is signed with
 * the application's key. A token of one purpose is none of another.
 */
export function signedToken(purpose: string, content: Fields, until: number, secret: string): string {
  const body = Buffer.from(JSON.stringify({ ...content, until })).toString('base64url');
  return `${body}.${signed(purpose, body, secret)}`;
}

/** What a token says; null if we did not sign it for this purpose, or if it has expired. */
export function readToken(purpose: string, token: string, secret: string, now: number): Fields | null {
  const [body = '', signature = ''] = token.split('.', 2);
  if (!isSame(signature, signed(purpose, body, secret))) return null;
  const content = fields(parseJson(Buffer.from(body, 'base64url').toString()));
  return (number(content.until) ?? 0) < now ? null : content;
}

function signed(purpose: string, body: string, secret: string): string {
  return createHmac('sha256', secret).update(`patchbay ${purpose} ${body}`).digest('base64url');
}
