import type { FastifyReply, FastifyRequest } from 'fastify';
import { isInteractionId } from '../domain/base/ids.ts';
import type { CallAction } from '../domain/call/call-command.ts';
import type { Commander, CommandRefusal, CommandView } from '../outbound/call-commands.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, interactionOf, principalOf } from './principal.ts';
import { invalid, Problem } from './problem.ts';
import { NewCommand, NewListening, NewPickUp } from './schemas/call-commands.ts';
import { answers, ref, schemaRef } from './schemas/common.ts';
import { callCommand } from './schemas/examples/call-commands.ts';
import { InteractionParams, idParams } from './schemas/params.ts';

const One = schemaRef<CommandView>('CallCommand');
const tags = ['calls'];
const response = answers({ 200: One, 202: One });

/** Commands to calls under way. The answer waits for the PBX, and says in words if it refused. */
export function callCommandRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const supervisors = allow(app, deps, 'supervisor', 'admin');

  const act = async (
    request: FastifyRequest,
    reply: FastifyReply,
    {
      id,
      action,
      to,
      manager,
    }: { id: string; action: CallAction; to?: string | undefined; manager?: string | undefined },
  ) => {
    const interaction = await interactionOf(deps, request, id);
    const by = commanderOf(deps, request, manager);
    return answer(reply, await deps.commands.request(by, { interaction, action, to: to ?? null }));
  };

  const commanding = {
    operationId: 'commandCall',
    summary: 'Act on a call under way',
    description:
      'Operators act on their own calls, supervisors on all that they see. 202: the PBX has not answered yet; read the command again.',
    tags,
    params: InteractionParams,
    body: ref(NewCommand),
    response,
  };
  app.post('/calls/:id/commands', { onRequest, schema: commanding }, async (request, reply) =>
    act(request, reply, { id: request.params.id, ...request.body }),
  );

  const listening = {
    operationId: 'listenToCall',
    summary: 'Listen to a call under way',
    description: "Rings the supervisor's own phone, which then hears both sides. Each use is in the audit log.",
    tags,
    params: InteractionParams,
    body: ref(NewListening),
    response,
  };
  app.post('/calls/:id/listen', { onRequest: supervisors, schema: listening }, async (request, reply) => {
    const { whisper, manager } = request.body;
    return act(request, reply, { id: request.params.id, action: whisper === true ? 'whisper' : 'listen', manager });
  });

  const pickingUp = {
    operationId: 'pickUpCall',
    summary: "Pick up a colleague's ringing call",
    description: 'Rings your own phone and connects it with the caller. Operators may do so within their department.',
    tags,
    body: ref(NewPickUp),
    response,
  };
  app.post('/calls/pick-up', { onRequest, schema: pickingUp }, async (request, reply) => {
    const { colleague, manager } = request.body;
    const found = deps.staff().managers.find(({ id }) => id === colleague);
    if (found === undefined) throw invalid('/colleague', 'manager', 'no such manager');
    return answer(reply, await deps.commands.pickUp(commanderOf(deps, request, manager), found));
  });

  const reading = {
    operationId: 'getCallCommand',
    summary: 'Get a command to a call',
    tags,
    params: idParams('command', callCommand.id),
    response: answers({ 200: One }),
  };
  app.get('/commands/:id', { onRequest, schema: reading }, async (request) => {
    const { id } = request.params;
    const { kind } = principalOf(request);
    const by = commanderOf(deps, request, undefined);
    const command = isInteractionId(id)
      ? await deps.commands.find({ ...by, supervises: by.supervises || kind === 'token' }, id)
      : null;
    if (command === null) throw new Problem('not-found', 'no such command');
    return command;
  });
}

/** Users act as themselves, programs for the manager they name. */
function commanderOf(deps: ApiDeps, request: FastifyRequest, asked: string | undefined): Commander {
  const { role, kind, manager } = principalOf(request);
  if (kind === 'user' && asked !== undefined && asked !== manager?.id)
    throw new Problem('forbidden', 'users may only act as themselves');
  const id = asked ?? manager?.id;
  const found = deps.staff().managers.find((one) => one.id === id);
  if (asked !== undefined && found === undefined) throw invalid('/manager', 'manager', 'no such manager');
  return { manager: found ?? null, supervises: role === 'supervisor' || role === 'admin' };
}

function answer(reply: FastifyReply, result: CommandView | CommandRefusal): FastifyReply {
  if ('state' in result) return reply.code(result.state === 'requested' ? 202 : 200).send(result);
  const { code, message } = result;
  if (code === 'invalid') throw invalid('/to', 'manager', message);
  throw new Problem(code === 'not_found' ? 'not-found' : code, message);
}
