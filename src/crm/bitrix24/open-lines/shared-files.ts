import type { Attachment } from '../../../domain/interaction/interaction.ts';
import type { HookAnswer, HookRequest } from '../../../domain/ports/hooks.ts';
import { text } from '../../../runtime/http/fields.ts';
import type { AppConfig } from '../connect/settings.ts';
import { readToken, signedToken } from '../connect/signed-token.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** How long the portal may fetch a file, in milliseconds. It does so while it takes the message. */
const lifetime = 3600_000;
const purpose = 'file';
const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Whether the portal can fetch files from us: we have a public address, or the portal is on this machine, too. */
export function canFetch({ config, context }: Pick<Bitrix24Parts, 'config' | 'context'>): boolean {
  const portal = config.app?.portal ?? config.webhook;
  const isNear = portal !== undefined && URL.canParse(portal) && loopback.test(new URL(portal).hostname);
  return isNear || context.hookUrl.startsWith('https://');
}

/** An address for one file, which needs no login. */
export function fileAddress(
  { id }: Pick<Attachment, 'id'>,
  secret: string,
  { context }: Pick<Bitrix24Parts, 'context'>,
): string {
  const token = signedToken(purpose, { id }, context.clock.now() + lifetime, secret);
  return `${context.hookUrl}?page=file&token=${token}`;
}

/** Whether a request to our hook is for a file. */
export function isForFile({ method, query }: HookRequest): boolean {
  return method === 'GET' && query.page === 'file';
}

/** Answers with the file that a token names. */
export async function serveFile(
  { query }: HookRequest,
  { app, parts }: { readonly app: AppConfig; readonly parts: Bitrix24Parts },
): Promise<HookAnswer> {
  const { context } = parts;
  const id = text(readToken(purpose, query.token ?? '', app.clientSecret, context.clock.now())?.id);
  const file = id === null ? null : await context.attachment(id);
  const size = file === null ? null : await context.blobs.size(file.blob);
  if (file === null || size === null) return { status: 404, body: 'there is no such file, or the link has expired' };
  const headers = {
    'content-length': String(size),
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, no-store',
  };
  return { status: 200, type: 'application/octet-stream', headers, body: await context.blobs.open(file.blob) };
}
