import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { type ImportReport, importClients } from '../matching/import/import-clients.ts';
import { keepClients } from '../matching/import/keep-clients.ts';
import { ImportFormatError } from '../matching/import/outcome.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow } from './principal.ts';
import { Problem } from './problem.ts';
import { answers, schemaRef } from './schemas/common.ts';

/** Bytes of an import. A million clients with all their numbers stay well below this. */
const maxBytes = 2 * 1024 ** 3;
/** Read as a stream, so that nothing of it is validated here. */
const ImportBody = Type.Unsafe<unknown>({
  content: {
    'application/x-ndjson': { schema: { examples: ['{"id":"romashka","name":"Romashka LLC"}\n'] } },
    'text/csv': { schema: { examples: ['id,name,phone\nromashka,Romashka LLC,+79161234567\n'] } },
  },
});
const formats = { 'application/x-ndjson': 'ndjson', 'text/csv': 'csv' } as const;

/** `POST /clients/import`: NDJSON or CSV, processed while it arrives. The answer reports refused rows. */
export function clientImportRoute(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'admin', 'integration');
  let running = false;

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(Object.keys(formats), (_request, payload, done) => done(null, payload));

    const schema = {
      operationId: 'importClients',
      summary: 'Import clients',
      description: 'NDJSON with one client per line, or CSV with a header. One import runs at a time.',
      tags: ['clients'],
      body: ImportBody,
      response: answers({ 200: schemaRef<ImportReport>('ImportReport') }),
    };
    scope.post('/clients/import', { onRequest, bodyLimit: maxBytes, schema }, async (request) => {
      const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
      const format = formats[type as keyof typeof formats];
      if (format === undefined) throw new Problem('unsupported-type', 'expected application/x-ndjson or text/csv');
      if (running) throw new Problem('conflict', 'another import is running; try again when it has finished');
      running = true;
      try {
        return await importClients({
          source: capped(request.body as Readable),
          format,
          country: deps.settings.country,
          keep: (clients) => keepClients(clients, (writes) => deps.intake.apply(writes), deps.clock.now()),
          onProgress: (progress) => deps.log.debug(progress, 'importing clients'),
        });
      } catch (error) {
        if (error instanceof ImportFormatError) throw new Problem('invalid', error.message);
        throw error;
      } finally {
        running = false;
      }
    });
  });
}

async function* capped(source: Readable): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of source as AsyncIterable<Uint8Array>) {
    size += bytes.length;
    if (size > maxBytes) throw new Problem('too-large', `an import is limited to ${maxBytes} bytes; split the file`);
    yield bytes;
  }
}
