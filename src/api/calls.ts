import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { eventKey } from '../domain/base/ids.ts';
import { parsePhone } from '../domain/directory/identifiers.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, interactionOf, principalOf } from './principal.ts';
import { invalid, Problem, written } from './problem.ts';
import { answers, named } from './schemas/common.ts';
import { canCall, telephoneOf } from './telephone.ts';

/** A telephone that begins to ring later than this rings for nobody, in milliseconds. */
const lifetime = 30_000;

const PostBody = Type.Object(
  {
    key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Yours; the same key twice is one call.' }),
    ),
    manager: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'Whose telephone rings first; an operator calls as himself.',
      }),
    ),
    phone: Type.String({ minLength: 2, maxLength: 64, description: 'Who is called then.' }),
    interaction: Type.Optional(
      Type.String({ maxLength: 64, description: 'What the call is an answer to: a missed call, a form.' }),
    ),
  },
  { additionalProperties: false },
);

const One = named<Interaction>('Interaction');

/** Click-to-call: stored before the PBX is asked, and its interaction becomes that of the call. */
export function callRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const schema = { tags: ['calls'], body: PostBody, response: answers({ 202: One }) };

  app.post('/calls', { onRequest, schema }, async (request, reply) => {
    const { body } = request;
    const principal = principalOf(request);
    const id = body.manager ?? principal.manager?.id;
    const manager = deps.staff().managers.find((one) => one.id === id);
    if (manager === undefined) throw invalid('/manager', 'manager', 'no such manager');
    if (principal.role === 'operator' && manager.id !== principal.manager?.id)
      throw new Problem('forbidden', 'operators call as themselves only');
    const { phone } = parsePhone(body.phone, deps.settings.country);
    if (phone === null) throw invalid('/phone', 'phone', 'expected a telephone number that can be called');
    if (!canCall(deps))
      throw new Problem('conflict', 'no PBX is set up for click-to-call: connectors.*.clickToCall is missing');
    const telephone = telephoneOf(manager, deps);
    if (telephone === null)
      throw invalid('/manager', 'extension', 'this manager has no extension on a PBX that can call');
    const { connection, extension } = telephone;
    const parent = body.interaction === undefined ? null : await interactionOf(deps, request, body.interaction);
    const at = deps.clock.now();
    const [result] = await deps.intake.apply([
      {
        op: 'send',
        key: eventKey(`call:${principal.login}`, body.key ?? randomUUID()),
        channel: 'call',
        answers: parent?.id ?? null,
        connection,
        content: {
          manager: manager.id,
          extension,
          to: { email: null, phone, account: null, name: null },
          subject: null,
          text: '',
          attachments: [],
          line: null,
        },
        by: principal.by,
        expiresAt: at + lifetime,
        at,
      },
    ]);
    const interaction = written(result).changes[0]?.interaction;
    if (interaction === undefined) throw new Problem('internal', 'nothing was written');
    return reply.code(202).header('location', `/api/v1/interactions/${interaction.id}`).send(interaction);
  });
}
