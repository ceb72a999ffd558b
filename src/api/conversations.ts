import { type Static, Type } from 'typebox';
import { cleanText } from '../domain/directory/identifiers.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { Write } from '../domain/ports/writes.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, interactionOf, principalOf } from './principal.ts';
import { Problem, written } from './problem.ts';
import { answers, named, strictObject } from './schemas/common.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const HandOver = strictObject({
  to: Type.String({ minLength: 1, maxLength: 64, description: 'The manager who has it from now on.' }),
  note: Type.Optional(Type.String({ maxLength: 2000, description: 'What that one should know.' })),
});
const response = answers({ 200: named<Interaction>('Interaction') });
const tags = ['interactions'];

/** What managers do with a conversation, named by any contact of it: hand it over, close it. */
export function conversationRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  app.post(
    '/interactions/:id/handover',
    { onRequest, schema: { tags, params: Params, body: HandOver, response } },
    async (request) => {
      const { to, note } = request.body as Static<typeof HandOver>;
      const { by } = principalOf(request);
      const said = note === undefined ? null : cleanText(note, 2000) || null;
      const { id } = await interactionOf(deps, request, request.params.id);
      return carryOut({ op: 'hand-over', id, to, note: said, by, at: deps.clock.now() });
    },
  );

  app.post('/interactions/:id/close', { onRequest, schema: { tags, params: Params, response } }, async (request) => {
    const { id } = await interactionOf(deps, request, request.params.id);
    return carryOut({ op: 'close', id, by: principalOf(request).by, at: deps.clock.now() });
  });

  /** The latest contact of the conversation, as it is then. */
  async function carryOut(write: Write): Promise<Interaction> {
    const [result] = await deps.intake.apply([write]);
    const latest = written(result).changes[0]?.interaction;
    if (latest === undefined) throw new Problem('internal', 'nothing was written');
    return latest;
  }
}
