import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Type } from 'typebox';
import type { AnswerFile, CannedAnswer, CannedAnswerView } from '../../domain/written/canned-answer.ts';
import type { ApiDeps, App } from '../deps.ts';
import { allow } from '../principal.ts';
import { Problem } from '../problem.ts';
import { answers, bytes } from '../schemas/common.ts';

const Params = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The canned answer.', examples: ['prices'] }),
  file: Type.String({ pattern: '^[0-9]$', description: 'Place of the file in the list, from 0.', examples: ['0'] }),
});

/** A canned answer as the API shows it: where its files lie is nobody's business. */
export function answerView(answer: CannedAnswer): CannedAnswerView {
  return { ...answer, files: answer.files.map(({ name, mime, bytes: size }) => ({ name, mime, bytes: size })) };
}

/** The files of canned answers, which the page attaches. */
export function answerFileRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const schema = {
    operationId: 'getAnswerFile',
    summary: 'Download a file of a canned answer',
    tags: ['conversations'],
    params: Params,
    response: answers({ 200: bytes('The file.') }),
  };
  app.get('/answers/:id/files/:file', { onRequest, schema }, async (request, reply) => {
    const { id, file: place } = request.params;
    const file = deps.cannedAnswers().find((one) => one.id === id)?.files[Number(place)];
    const size = file === undefined ? null : await sizeOf(file);
    if (file === undefined || size === null) throw new Problem('not-found', 'no such file');
    return reply
      .type(file.mime)
      .header('content-length', size)
      .header('cache-control', 'private, no-store')
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .send(createReadStream(file.path, { end: Math.max(0, size - 1) }) as never);
  });
}

/** The present size; null if the file was removed since the start. */
async function sizeOf({ path }: AnswerFile): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found.size : null;
}
