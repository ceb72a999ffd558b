import type { Interaction } from '../domain/interaction/interaction.ts';
import { openSound } from '../runtime/recording-sound.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, type Principal, principalOf, readerOf } from './principal.ts';
import { Problem, written } from './problem.ts';
import { answers, bytes } from './schemas/common.ts';
import { idParams } from './schemas/params.ts';

const schema = {
  operationId: 'getRecording',
  summary: 'Listen to a recording',
  description: 'Supports byte ranges. Each access is written to the audit log.',
  tags: ['recordings'],
  params: idParams('recording', 'r-5f607182', 128),
  response: answers({ 200: bytes('The whole recording.', 'audio/*'), 206: bytes('The requested range.', 'audio/*') }),
};

/** Recordings. Access is logged before the first byte is sent. */
export function recordingRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');

  app.get('/recordings/:id', { onRequest, schema }, async (request, reply) => {
    const principal = principalOf(request);
    const reader = readerOf(deps, request);
    const recording = await reader.recording(request.params.id);
    if (recording === null || (recording.path === null && recording.blob === null))
      throw new Problem('not-found', 'no such recording');
    const interaction = await reader.interaction(recording.interaction);
    checkMayHear(deps, principal, interaction);
    const sound = await openSound(recording, deps.blobs);
    if (sound === null) throw new Problem('not-found', "the recording's file is missing");
    const range = parseRange(request.headers.range, sound.bytes);
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${sound.bytes}`);
      throw new Problem('range-not-satisfiable', 'the range is outside the recording');
    }
    const heard = {
      op: 'recording-heard',
      recording: recording.id,
      by: principal.by.id,
      at: deps.clock.now(),
    } as const;
    written((await deps.intake.apply([heard]))[0]);
    reply
      .type(sound.mime)
      .header('accept-ranges', 'bytes')
      .header('cache-control', 'private, no-store')
      .header('content-disposition', 'inline');
    if (range === null) return reply.header('content-length', sound.bytes).send((await sound.open()) as never);
    return reply
      .code(206)
      .header('content-range', `bytes ${range.start}-${range.end}/${sound.bytes}`)
      .header('content-length', range.end - range.start + 1)
      .send((await sound.open(range)) as never);
  });
}

/** Throws a problem unless the caller may listen to the recordings of a call. */
export function checkMayHear(
  deps: Pick<ApiDeps, 'access'>,
  principal: Principal,
  interaction: Interaction | null,
): asserts interaction is Interaction {
  if (interaction === null || !mayHear(deps, principal, interaction))
    throw new Problem('forbidden', 'operators may only listen to their own calls');
}

/** Operators hear their own calls, unless the configuration allows more. Others hear what their scope shows them. */
function mayHear({ access }: Pick<ApiDeps, 'access'>, { role, manager }: Principal, interaction: Interaction): boolean {
  if (role !== 'operator' || access().recordings === 'scope') return true;
  if (manager === null) return false;
  const own = [interaction.responsible, interaction.handledBy, ...interaction.legs.map((leg) => leg.manager)];
  return own.some((one) => one?.id === manager.id);
}

/** The requested byte range, both ends inclusive. Null when there is none, several, or an invalid one: the whole file is sent. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (found === null) return null;
  const [, from = '', to = ''] = found;
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}
