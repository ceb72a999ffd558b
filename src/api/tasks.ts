import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { entryOf } from '../domain/base/entry-of.ts';
import { isInteractionId, newInteractionId } from '../domain/base/ids.ts';
import { cleanText } from '../domain/directory/identifiers.ts';
import type { Task, TaskView } from '../domain/follow-up/follow-up.ts';
import { afterWorkingMinutes } from '../router/working-hours.ts';
import type { ApiDeps, App } from './deps.ts';
import { dueBy } from './moments.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, principalOf, readerOf } from './principal.ts';
import { invalid, Problem, written } from './problem.ts';
import { answers, named, pageOf, strictObject } from './schemas/common.ts';
import { TaskState } from './schemas/follow-ups.ts';

const Query = strictObject({
  ...pageParameters,
  state: Type.Optional(TaskState),
  manager: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const PostBody = strictObject({
  manager: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()])),
  interaction: Type.Optional(Type.String({ maxLength: 64, description: 'What it is about.' })),
  text: Type.String({ minLength: 1, maxLength: 2000 }),
  dueAt: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d\\d-\\d\\dT',
      maxLength: 40,
      description: 'RFC 3339; from 1990 to ten years from now.',
    }),
  ),
});
const One = named<TaskView>('Task');
const response = answers({ 200: One });
const tags = ['tasks'];

/** What is owed: missed calls, unanswered letters, and what people write down. */
export function taskRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const view = (task: Task) => taskView(task, deps);

  app.get(
    '/tasks',
    { onRequest, schema: { tags, querystring: Query, response: answers({ 200: pageOf(One) }) } },
    async (request) => {
      const { state, manager } = request.query;
      const page = await readerOf(deps, request).tasks({
        ...pageAsked(request.query, 2),
        ...(state !== undefined && { state }),
        ...(manager !== undefined && { manager }),
      });
      return { items: page.items.map(view), next: page.next };
    },
  );

  app.post(
    '/tasks',
    { onRequest, schema: { tags, body: PostBody, response: answers({ 201: One }) } },
    async (request, reply) => {
      const task = await newTask(request, request.body, deps);
      written((await deps.intake.apply([{ op: 'put-task', task }]))[0]);
      return reply.code(201).header('location', `/api/v1/tasks/${task.id}`).send(view(task));
    },
  );

  const taskOf = async (request: FastifyRequest, id: string): Promise<Task> => {
    const task = await readerOf(deps, request).task(id);
    if (task === null) throw new Problem('not-found', 'no such task');
    return task;
  };

  app.get('/tasks/:id', { onRequest, schema: { tags, params: Params, response } }, async (request) =>
    view(await taskOf(request, request.params.id)),
  );

  app.post('/tasks/:id/done', { onRequest, schema: { tags, params: Params, response } }, async (request) => {
    const { id } = await taskOf(request, request.params.id);
    written((await deps.intake.apply([{ op: 'task-done', id, by: principalOf(request).by, at: deps.clock.now() }]))[0]);
    return view(await taskOf(request, id));
  });
}

/** When a task falls due: as somebody said, else so many working minutes after it came. */
function taskView(task: Task, { plan, staff, clock }: Pick<ApiDeps, 'plan' | 'staff' | 'clock'>): TaskView {
  const { within, hours } = plan();
  const manager = staff().managers.find((one) => one.id === task.manager?.id);
  const worked = entryOf(hours, manager?.hours) ?? null;
  const minutes = { call_back: within.callBack, answer: within.answer, other: null }[task.kind];
  const due = minutes === null ? null : afterWorkingMinutes(worked, Date.parse(task.createdAt), minutes);
  const dueAt = task.dueAt ?? (due === null ? null : new Date(due).toISOString());
  const until = task.doneAt === null ? clock.now() : Date.parse(task.doneAt);
  return { ...task, dueAt, overdue: dueAt !== null && until > Date.parse(dueAt) };
}

async function newTask(request: FastifyRequest, body: Static<typeof PostBody>, deps: ApiDeps): Promise<Task> {
  const now = deps.clock.now();
  const { managers } = deps.staff();
  const manager = body.manager == null ? null : managers.find((one) => one.id === body.manager);
  if (manager === undefined) throw invalid('/manager', 'manager', 'no such manager');
  const { view } = principalOf(request);
  if (view !== null && manager !== null && !view.managers.includes(manager.id))
    throw new Problem('forbidden', 'your account gives tasks to managers of its own scope only');
  const about = body.interaction;
  const interaction =
    about !== undefined && isInteractionId(about) ? await readerOf(deps, request).interaction(about) : null;
  if (about !== undefined && interaction === null) throw invalid('/interaction', 'interaction', 'no such interaction');
  return {
    id: newInteractionId(now),
    revision: 1,
    kind: 'other',
    state: 'open',
    manager: manager === null ? null : { id: manager.id, name: manager.name },
    interaction: interaction?.id ?? null,
    client: interaction?.client == null ? null : { id: interaction.client.id, name: interaction.client.name },
    party: interaction?.party ?? null,
    text: cleanText(body.text, 2000),
    dueAt: body.dueAt === undefined ? null : dueBy(body.dueAt, '/dueAt', now),
    createdAt: new Date(now).toISOString(),
    doneAt: null,
    doneBy: null,
  };
}
