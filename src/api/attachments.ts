import { Type } from 'typebox';
import type { ApiDeps, App } from './deps.ts';
import { allow, readerOf } from './principal.ts';
import { Problem } from './problem.ts';
import { answers, bytes } from './schemas/common.ts';

const Params = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-f]{32}$',
    description: "The attachment's id.",
    examples: ['5d41402abc4b2a76b9719d911017c592'],
  }),
});
/** Types that a browser may display. All others are downloaded: strangers sent them. */
const shown = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+|application\/pdf)$/;

/** Attachments of letters, messages and forms. */
export function attachmentRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const schema = {
    operationId: 'getAttachment',
    summary: 'Download an attachment',
    tags: ['interactions'],
    params: Params,
    response: answers({ 200: bytes('The file.') }),
  };
  app.get('/attachments/:id', { onRequest, schema }, async (request, reply) => {
    const file = await readerOf(deps, request).attachment(request.params.id);
    const size = file === null ? null : await deps.blobs.size(file.blob);
    if (file === null || size === null) throw new Problem('not-found', 'no such attachment');
    const inline = shown.test(file.mime);
    return reply
      .type(inline ? file.mime : 'application/octet-stream')
      .header('content-length', size)
      .header('cache-control', 'private, no-store')
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header(
        'content-disposition',
        `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      )
      .send((await deps.blobs.open(file.blob)) as never);
  });
}
