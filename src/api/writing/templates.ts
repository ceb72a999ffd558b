import { Type } from 'typebox';
import type { MessageTemplate } from '../../domain/outbound/template.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { ApiDeps, App } from '../deps.ts';
import { allow } from '../principal.ts';
import { Problem } from '../problem.ts';
import { answers, pageOf, schemaRef, strictObject, words } from '../schemas/common.ts';

const ListQuery = strictObject({
  connection: Type.String({ minLength: 1, maxLength: 64, description: 'A connection with templates.' }),
  fresh: Type.Optional(words('true')),
});

/** The message templates that a connection can send. */
export function templateRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const listing = {
    operationId: 'listTemplates',
    summary: 'List message templates',
    description:
      'The approved templates of a WhatsApp connection, in all languages, as of ten minutes ago at most; `fresh=true` reads them from the service now. Templates with parts that cannot be filled in here, such as carousels, are left out.',
    tags: ['messages'],
    querystring: ListQuery,
    response: answers({ 200: pageOf(schemaRef<MessageTemplate>('MessageTemplate')) }),
  };
  app.get('/templates', { onRequest, schema: listing }, async ({ query: { connection, fresh } }) => ({
    items: [...(await listTemplates(deps, connection, fresh === 'true'))],
    next: null,
  }));
}

/** The templates of a connection. Throws a problem if it has none, or the service does not answer. */
export async function listTemplates(
  deps: Pick<ApiDeps, 'templates'>,
  connection: string,
  isFresh: boolean,
): Promise<readonly MessageTemplate[]> {
  const asked = deps.templates(connection, isFresh);
  if (asked === null) throw new Problem('not-found', 'no connection of this name has templates');
  try {
    return (await asked).items;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { trouble, reason, message } = error;
    const detail = { path: '/connection', code: reason.code, message };
    throw new Problem(trouble === 'refused' ? 'conflict' : 'unavailable', message, [detail]);
  }
}
