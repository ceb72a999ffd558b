import type { Static } from 'typebox';
import { type Phrase, type Transcript, TranscriptError, transcriptOf } from '../domain/call/transcript.ts';
import type { Staff } from '../domain/directory/manager.ts';
import { namedRef } from '../domain/interaction/named-ref.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, principalOf, readerOf } from './principal.ts';
import { invalid, Problem, written } from './problem.ts';
import { checkMayHear } from './recordings.ts';
import { answers, Nothing, ref } from './schemas/common.ts';
import { idParams } from './schemas/params.ts';
import { NewTranscriptSchema, TranscriptSchema } from './schemas/transcripts.ts';

const tags = ['recordings'];
const params = idParams('recording', 'r-5f607182', 128);
type Body = Static<typeof NewTranscriptSchema>;

/** Transcripts of recordings. Whoever may listen to a recording may read what was said in it. */
export function transcriptRoutes(app: App, deps: ApiDeps): void {
  const reading = {
    operationId: 'getTranscript',
    summary: 'Read what was said in a recording',
    description: 'For those who may listen to the recording. Each access is written to the audit log.',
    tags,
    params,
    response: answers({ 200: ref(TranscriptSchema) }),
  };
  const everybody = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  app.get('/recordings/:id/transcript', { onRequest: everybody, schema: reading }, async (request, reply) => {
    const { id } = request.params;
    const reader = readerOf(deps, request);
    const recording = await reader.recording(id);
    const interaction = recording === null ? null : await reader.interaction(recording.interaction);
    if (interaction === null) throw new Problem('not-found', 'no such recording');
    checkMayHear(deps, principalOf(request), interaction);
    const transcript = await reader.transcript(id);
    if (transcript === null) throw new Problem('not-found', 'the recording has no transcript');
    return reply.header('cache-control', 'private, no-store').send({ recording: id, ...shown(transcript) });
  });

  const putting = {
    operationId: 'putTranscript',
    summary: 'Add the transcript of a recording',
    description:
      'For speech recognisers. It replaces an earlier transcript; the same one again changes nothing. 409 if the recording was erased.',
    tags,
    params,
    body: ref(NewTranscriptSchema),
    response: answers({ 204: Nothing }),
  };
  const writers = allow(app, deps, 'admin', 'integration');
  app.put('/recordings/:id/transcript', { onRequest: writers, schema: putting }, async (request, reply) => {
    const recording = await readerOf(deps, request).recording(request.params.id);
    if (recording === null) throw new Problem('not-found', 'no such recording');
    const { id, interaction } = recording;
    const transcript = given(request.body, deps.staff());
    const [by, at] = [principalOf(request).by.id, deps.clock.now()];
    const write = { op: 'put-transcript', interaction, recording: id, transcript, by, at } as const;
    written((await deps.intake.apply([write]))[0]);
    return reply.code(204).send();
  });
}

function shown({ language, source, phrases }: Transcript) {
  return { language, source, phrases: [...phrases] };
}

/** The transcript of a request, with the names of its managers. Throws a problem that names what is wrong. */
function given({ language = null, source = null, phrases }: Body, { managers }: Staff): Transcript {
  const known = new Map(managers.map((manager) => [String(manager.id), manager]));
  const spoken = phrases.map(({ side = null, manager = null, from, to, text }, index): Phrase => {
    const path = `/phrases/${index}`;
    const speaker = manager === null ? null : (known.get(manager) ?? null);
    if (manager !== null && speaker === null) throw invalid(`${path}/manager`, 'manager', 'no such manager');
    if (manager !== null && side === 'client') throw invalid(`${path}/side`, 'side', 'a manager is not the client');
    if (to < from) throw invalid(`${path}/to`, 'time', 'is before `from`');
    return { side: speaker === null ? side : 'manager', manager: namedRef(speaker), from, to, text };
  });
  try {
    return transcriptOf({ language, source, phrases: spoken });
  } catch (error) {
    if (error instanceof TranscriptError) throw invalid('/phrases', 'phrases', error.message);
    throw error;
  }
}
