import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { InteractionId } from '../../domain/base/ids.ts';
import { isInteractionId } from '../../domain/base/ids.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { Manager } from '../../domain/directory/manager.ts';
import type { WriteResult } from '../../domain/ports/writes.ts';
import type { ConversationWrite } from '../../domain/written/conversation-acts.ts';
import { currentAbsence } from '../../router/availability.ts';
import type { ApiDeps, App } from '../deps.ts';
import { allow, principalOf, readerOf } from '../principal.ts';
import { invalid, problemOf } from '../problem.ts';
import { answers, pageOf, ref } from '../schemas/common.ts';
import { BulkClose, BulkHandover, BulkResult } from '../schemas/conversations.ts';

type Result = Static<typeof BulkResult>;

/** How many conversations change in one transaction. In between, calls and messages are written. */
const batch = 20;
const tags = ['conversations'];
const response = answers({ 200: pageOf(BulkResult) });
const description = 'Up to 200 at once. Each has a result of its own: one that is refused does not stop the others.';

/** Handing over and closing many conversations in one request. */
export function conversationBulkRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const handingOver = {
    operationId: 'handOverConversations',
    summary: 'Hand several conversations over',
    description,
    tags,
    body: ref(BulkHandover),
    response,
  };
  app.post('/conversations/handover', { onRequest, schema: handingOver }, async (request) => {
    const { interactions, note } = request.body;
    const { by } = principalOf(request);
    const takers = takersOf(request.body);
    const said = note === undefined ? null : cleanText(note, 2000) || null;
    return carryOut(request, interactions, (id, n) => {
      const to = takers[n % takers.length] as string;
      return { op: 'hand-over', id, to, note: said, by, at: deps.clock.now() };
    });
  });

  const closing = {
    operationId: 'closeConversations',
    summary: 'Close several conversations',
    description,
    tags,
    body: ref(BulkClose),
    response,
  };
  app.post('/conversations/close', { onRequest, schema: closing }, async (request) => {
    const { by } = principalOf(request);
    return carryOut(request, request.body.interactions, (id) => ({ op: 'close', id, by, at: deps.clock.now() }));
  });

  /** Ids of the managers who take over, in turn. */
  function takersOf({ to, department }: Static<typeof BulkHandover>): readonly string[] {
    if ((to === undefined) === (department === undefined))
      throw invalid('/to', 'required', 'give either `to` or `department`');
    const { managers } = deps.staff();
    const found = managers.filter(({ id, department: own }) => (to === undefined ? own === department : id === to));
    if (found.length === 0)
      throw to === undefined
        ? invalid('/department', 'department', 'no manager is in this department')
        : invalid('/to', 'manager', 'no such manager');
    return presentOf(found, deps.clock.now()).map(({ id }) => id);
  }

  async function carryOut(
    request: FastifyRequest,
    ids: readonly string[],
    writeOf: (id: InteractionId, n: number) => ConversationWrite,
  ): Promise<{ items: Result[]; next: null }> {
    const reader = readerOf(deps, request);
    const results = new Map<string, Result>();
    const seen: InteractionId[] = [];
    for (const id of ids) {
      if (isInteractionId(id) && (await reader.interaction(id)) !== null) seen.push(id);
      else results.set(id, { id, problem: { type: 'not-found', detail: 'no such interaction' } });
    }
    for (let from = 0; from < seen.length; from += batch) {
      const some = seen.slice(from, from + batch);
      const done = await deps.intake.apply(some.map((id, n) => writeOf(id, from + n)));
      for (const [n, id] of some.entries()) results.set(id, { id, problem: problemIn(done[n]) });
    }
    return { items: ids.flatMap((id) => results.get(id) ?? []), next: null };
  }
}

/** The managers who are not absent now, or all of them if nobody is there. */
function presentOf(managers: readonly Manager[], now: number): readonly Manager[] {
  const present = managers.filter((one) => currentAbsence(one, now) === null);
  return present.length === 0 ? managers : present;
}

function problemIn(result: WriteResult | undefined): Result['problem'] {
  if (result?.ok === true) return null;
  if (result === undefined) return { type: 'unavailable', detail: 'nothing was written' };
  const type = problemOf(result.code);
  return { type: type === 'not-found' || type === 'invalid' ? type : 'conflict', detail: result.message };
}
