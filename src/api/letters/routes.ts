import { buffer, text } from 'node:stream/consumers';
import { Type } from 'typebox';
import { isInteractionId } from '../../domain/base/ids.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { WrittenBody } from '../../domain/written/written-contact.ts';
import type { ApiDeps, App } from '../deps.ts';
import { allow, readerOf } from '../principal.ts';
import { Problem } from '../problem.ts';
import { answers, bytes, strictObject, words } from '../schemas/common.ts';
import { InteractionParams as params } from '../schemas/params.ts';
import { letterPolicy } from './page.ts';
import { LetterPages } from './show.ts';

/** Bytes of embedded pictures shown within a letter. The others are only listed as attachments. */
const maxInlineBytes = 8 * 1024 * 1024;

const Query = strictObject({
  images: Type.Optional(
    Type.Unsafe<'0' | '1'>({ ...words('0', '1'), description: '`1` also loads pictures from other servers.' }),
  ),
  theme: Type.Optional(words('light', 'dark')),
  lang: Type.Optional(words('ru', 'en')),
});
const Page = bytes('The letter, made safe. Show it in a sandboxed frame.', 'text/html', '<p>Good day, …</p>');

/** Letters as their writers see them, for a frame on the desk. */
export function letterRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const pages = new LetterPages(deps.jobs);
  const schema = {
    operationId: 'getLetter',
    summary: 'Show a letter as HTML',
    tags: ['interactions'],
    params,
    querystring: Query,
    response: answers({ 200: Page }),
  };

  app.get('/interactions/:id/html', { onRequest, schema }, async (request, reply) => {
    const { id } = request.params;
    const body = isInteractionId(id) ? await readerOf(deps, request).letterBody(id) : null;
    if (body === null || (await deps.blobs.size(body.blob)) === null) throw new Problem('not-found', 'no such letter');
    const { images, theme, lang } = request.query;
    const remote = images === '1';
    const whole = await text(await deps.blobs.open(body.blob));
    const pictures = { inline: await inlineOf(body, whole, deps.blobs), remote };
    const look = { language: lang ?? deps.settings.language, dark: theme === 'dark' };
    const page = await pages.page(body.blob, { text: whole, body, pictures, look });
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'private, no-store')
      .header('content-security-policy', letterPolicy(remote))
      .header('referrer-policy', 'no-referrer')
      .send(page as never);
  });
}

/** Embedded pictures as data URLs: the sandboxed frame has no origin, and so no session to load them with. */
async function inlineOf({ inline }: WrittenBody, html: string, blobs: Blobs): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let left = maxInlineBytes;
  for (const { contentId, blob, mime } of inline) {
    if (!html.includes(contentId) && !html.includes(encodeURIComponent(contentId))) continue;
    const size = await blobs.size(blob);
    if (size === null || size > left) continue;
    left -= size;
    found.set(contentId, `data:${mime};base64,${(await buffer(await blobs.open(blob))).toString('base64')}`);
  }
  return found;
}
