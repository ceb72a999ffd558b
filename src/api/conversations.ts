import { cleanText } from '../domain/directory/identifiers.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { Write } from '../domain/ports/writes.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, interactionOf, principalOf } from './principal.ts';
import { writtenInteraction } from './problem.ts';
import { answers, ref, schemaRef } from './schemas/common.ts';
import { InteractionParams as params } from './schemas/params.ts';
import { NewHandover } from './schemas/requests.ts';

const response = answers({ 200: schemaRef<Interaction>('Interaction') });
const tags = ['interactions'];

/** Handing over and closing conversations. Any interaction of a conversation names it. */
export function conversationRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  const handingOver = {
    operationId: 'handOverConversation',
    summary: 'Hand a conversation over',
    tags,
    params,
    body: ref(NewHandover),
    response,
  };
  app.post('/interactions/:id/handover', { onRequest, schema: handingOver }, async (request) => {
    const { to, note } = request.body;
    const { by } = principalOf(request);
    const said = note === undefined ? null : cleanText(note, 2000) || null;
    const { id } = await interactionOf(deps, request, request.params.id);
    return carryOut({ op: 'hand-over', id, to, note: said, by, at: deps.clock.now() });
  });

  const closing = { operationId: 'closeConversation', summary: 'Close a conversation', tags, params, response };
  app.post('/interactions/:id/close', { onRequest, schema: closing }, async (request) => {
    const { id } = await interactionOf(deps, request, request.params.id);
    return carryOut({ op: 'close', id, by: principalOf(request).by, at: deps.clock.now() });
  });

  /** Applies the write and returns the latest contact of the conversation. */
  async function carryOut(write: Write): Promise<Interaction> {
    const [result] = await deps.intake.apply([write]);
    const latest = writtenInteraction(result);
    return latest;
  }
}
