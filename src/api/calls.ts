import { randomUUID } from 'node:crypto';
import { eventKey } from '../domain/base/ids.ts';
import { parsePhone } from '../domain/directory/identifiers.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, interactionOf, principalOf } from './principal.ts';
import { invalid, Problem, writtenInteraction } from './problem.ts';
import { answers, ref, schemaRef } from './schemas/common.ts';
import { NewCall } from './schemas/requests.ts';
import { canCall, telephoneOf } from './telephone.ts';

/** A call that has not started within this many milliseconds is given up: nobody waits for it any more. */
const lifetime = 30_000;

const One = schemaRef<Interaction>('Interaction');

/** Click-to-call. The request is stored before the PBX is asked, and its interaction becomes that of the call. */
export function callRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const schema = {
    operationId: 'startCall',
    summary: 'Call a client',
    description: "Rings the manager's phone and then calls the client. The interaction shows how far the call came.",
    tags: ['calls'],
    body: ref(NewCall),
    response: answers({ 202: One }),
  };

  app.post('/calls', { onRequest, schema }, async (request, reply) => {
    const { body } = request;
    const principal = principalOf(request);
    const id = body.manager ?? principal.manager?.id;
    const manager = deps.staff().managers.find((one) => one.id === id);
    if (manager === undefined) throw invalid('/manager', 'manager', 'no such manager');
    if (principal.role === 'operator' && manager.id !== principal.manager?.id)
      throw new Problem('forbidden', 'operators may only call as themselves');
    const { phone } = parsePhone(body.phone, deps.settings.country);
    if (phone === null) throw invalid('/phone', 'phone', 'expected a phone number that can be called');
    if (!canCall(deps))
      throw new Problem('conflict', 'no PBX is configured for click-to-call: connectors.*.clickToCall is missing');
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
    const interaction = writtenInteraction(result);
    return reply.code(202).header('location', `/api/v1/interactions/${interaction.id}`).send(interaction);
  });
}
