import { randomUUID } from 'node:crypto';
import { eventKey } from '../domain/base/ids.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { CallRefusal } from '../domain/outbound/call-request.ts';
import { requestCall } from '../outbound/request-call.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, interactionOf, principalOf } from './principal.ts';
import { invalid, Problem, writtenInteraction } from './problem.ts';
import { answers, ref, schemaRef } from './schemas/common.ts';
import { NewCall } from './schemas/requests.ts';

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
    const parent = body.interaction === undefined ? null : await interactionOf(deps, request, body.interaction);
    const asked = await requestCall(
      { ...deps, country: deps.settings.country, apply: (writes) => deps.intake.apply(writes) },
      {
        manager: manager.id,
        phone: body.phone,
        answers: parent?.id ?? null,
        key: eventKey(`call:${principal.login}`, body.key ?? randomUUID()),
        by: principal.by,
      },
    );
    if ('refused' in asked) throw refusals[asked.refused]();
    const interaction = writtenInteraction(asked.result);
    return reply.code(202).header('location', `/api/v1/interactions/${interaction.id}`).send(interaction);
  });
}

const refusals: Readonly<Record<CallRefusal, () => Problem>> = {
  manager: () => invalid('/manager', 'manager', 'no such manager'),
  phone: () => invalid('/phone', 'phone', 'expected a phone number that can be called'),
  pbx: () => new Problem('conflict', 'no PBX is configured for click-to-call: connectors.*.clickToCall is missing'),
  telephone: () => invalid('/manager', 'extension', 'this manager has no extension on a PBX that can call'),
};
