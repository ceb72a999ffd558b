import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Staff } from '../../domain/directory/manager.ts';
import type { ConversationFilters, ListedConversation } from '../../domain/ports/queries.ts';
import type { ApiDeps, App } from '../deps.ts';
import { pageAsked, pageParameters } from '../paging.ts';
import { allow, type Principal, principalOf, readerOf } from '../principal.ts';
import { answers, pageOf, ref, schemaRef, strictObject, words } from '../schemas/common.ts';
import { ConversationCountsSchema } from '../schemas/conversations.ts';

const filters = {
  channel: Type.Optional(words('email', 'message', 'form')),
  line: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Id of the line.' })),
  olderThan: Type.Optional(
    Type.String({
      pattern: '^[1-9]\\d{0,5}$',
      description: 'Minutes that the client has been waiting; with `state=open`, that nobody has written.',
    }),
  ),
};
type Scope = 'mine' | 'department' | 'nobody' | 'all';
const ListQuery = strictObject({
  ...pageParameters,
  scope: Type.Optional(words('mine', 'department', 'nobody', 'all')),
  state: Type.Optional(words('unanswered', 'open')),
  ...filters,
});
const CountQuery = strictObject(filters);
const Item = schemaRef<ListedConversation>('Conversation');
const tags = ['conversations'];

/** Conversations that are open or wait for an answer, so that nothing is overlooked. */
export function conversationListRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const listing = {
    operationId: 'listConversations',
    summary: 'List open conversations',
    description:
      '`state=unanswered` (the default) lists those that wait for an answer, the longest first. `state=open` lists all that are not closed, the latest first. `scope` tells who has to answer: you, your department, or nobody yet; by default all that you see are listed.',
    tags,
    querystring: ListQuery,
    response: answers({ 200: pageOf(Item) }),
  };
  app.get('/conversations', { onRequest, schema: listing }, async (request) => {
    const { scope = 'all', state = 'unanswered' } = request.query;
    return readerOf(deps, request).conversations({
      ...pageAsked(request.query, 2),
      ...filtersOf(request, scope),
      unanswered: state === 'unanswered',
    });
  });

  const counting = {
    operationId: 'countConversations',
    summary: 'Count unanswered conversations',
    tags,
    querystring: CountQuery,
    response: answers({ 200: ref(ConversationCountsSchema) }),
  };
  app.get('/conversations/counts', { onRequest, schema: counting }, async (request) => {
    const reader = readerOf(deps, request);
    const of = (scope: Scope) => reader.unansweredCount(filtersOf(request, scope));
    const [mine, department, nobody, all] = await Promise.all([of('mine'), of('department'), of('nobody'), of('all')]);
    return { mine, department, nobody, all };
  });

  function filtersOf(
    request: FastifyRequest<{ Querystring: Static<typeof CountQuery> }>,
    scope: Scope,
  ): ConversationFilters {
    const { channel, line, olderThan } = request.query;
    const owners = ownersOf(scope, principalOf(request), deps.staff());
    return {
      ...(owners !== null && { owners }),
      ...(channel !== undefined && { channel }),
      ...(line !== undefined && { line }),
      ...(olderThan !== undefined && {
        until: new Date(deps.clock.now() - Number(olderThan) * 60_000).toISOString(),
      }),
    };
  }
}

/** The managers whose conversations a scope lists; '' is nobody. Null: any. */
function ownersOf(scope: Scope, { manager }: Principal, { managers }: Staff): readonly string[] | null {
  if (scope === 'all') return null;
  if (scope === 'nobody') return [''];
  if (manager === null) return [];
  const self = managers.find(({ id }) => id === manager.id);
  if (scope === 'mine' || self?.department == null) return [manager.id];
  return managers.filter(({ department }) => department === self.department).map(({ id }) => id);
}
