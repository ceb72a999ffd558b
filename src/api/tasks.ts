import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { isInteractionId, newInteractionId } from '../domain/base/ids.ts';
import { cleanText } from '../domain/directory/identifiers.ts';
import type { Task, TaskView } from '../domain/follow-up/follow-up.ts';
import { dueOf } from '../router/due.ts';
import type { ApiDeps, App } from './deps.ts';
import { dueBy } from './moments.ts';
import { pageAsked, pageParameters } from './paging.ts';
import { allow, principalOf, readerOf } from './principal.ts';
import { invalid, Problem, written } from './problem.ts';
import { answers, pageOf, ref, schemaRef, strictObject } from './schemas/common.ts';
import { ids } from './schemas/examples/people.ts';
import { TaskState } from './schemas/follow-ups.ts';
import { idParams } from './schemas/params.ts';
import { NewTask } from './schemas/requests.ts';

const Query = strictObject({
  ...pageParameters,
  state: Type.Optional(TaskState),
  manager: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});
const params = idParams('task', ids.task);
const One = schemaRef<TaskView>('Task');
const response = answers({ 200: One });
const tags = ['tasks'];

/** Tasks: missed calls, unanswered letters, and reminders that people write down. */
export function taskRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'operator', 'supervisor', 'admin', 'integration');
  const view = (task: Task) => taskView(task, deps);

  const listing = {
    operationId: 'listTasks',
    summary: 'List tasks',
    tags,
    querystring: Query,
    response: answers({ 200: pageOf(One) }),
  };
  app.get('/tasks', { onRequest, schema: listing }, async (request) => {
    const { state, manager } = request.query;
    const page = await readerOf(deps, request).tasks({
      ...pageAsked(request.query, 2),
      ...(state !== undefined && { state }),
      ...(manager !== undefined && { manager }),
    });
    return { items: page.items.map(view), next: page.next };
  });

  const creating = {
    operationId: 'createTask',
    summary: 'Create a task',
    tags,
    body: ref(NewTask),
    response: answers({ 201: One }),
  };
  app.post('/tasks', { onRequest, schema: creating }, async (request, reply) => {
    const task = await newTask(request, request.body, deps);
    written((await deps.intake.apply([{ op: 'put-task', task }]))[0]);
    return reply.code(201).header('location', `/api/v1/tasks/${task.id}`).send(view(task));
  });

  const taskOf = async (request: FastifyRequest, id: string): Promise<Task> => {
    const task = await readerOf(deps, request).task(id);
    if (task === null) throw new Problem('not-found', 'no such task');
    return task;
  };

  const reading = { operationId: 'getTask', summary: 'Get a task', tags, params, response };
  app.get('/tasks/:id', { onRequest, schema: reading }, async (request) =>
    view(await taskOf(request, request.params.id)),
  );

  const completing = { operationId: 'completeTask', summary: 'Complete a task', tags, params, response };
  app.post('/tasks/:id/done', { onRequest, schema: completing }, async (request) => {
    const { id } = await taskOf(request, request.params.id);
    written((await deps.intake.apply([{ op: 'task-done', id, by: principalOf(request).by, at: deps.clock.now() }]))[0]);
    return view(await taskOf(request, id));
  });
}

/** Adds the due time: the one that was set, else some working minutes after the task was created. */
function taskView(task: Task, { plan, staff, clock }: Pick<ApiDeps, 'plan' | 'staff' | 'clock'>): TaskView {
  const due = dueOf(task, plan(), staff().managers);
  const dueAt = due === null ? null : new Date(due).toISOString();
  const until = task.doneAt === null ? clock.now() : Date.parse(task.doneAt);
  return { ...task, dueAt, overdue: due !== null && until > due };
}

async function newTask(request: FastifyRequest, body: Static<typeof NewTask>, deps: ApiDeps): Promise<Task> {
  const now = deps.clock.now();
  const { managers } = deps.staff();
  const manager = body.manager == null ? null : managers.find((one) => one.id === body.manager);
  if (manager === undefined) throw invalid('/manager', 'manager', 'no such manager');
  const { view } = principalOf(request);
  if (view !== null && manager !== null && !view.managers.includes(manager.id))
    throw new Problem('forbidden', 'your account may only give tasks to managers in its scope');
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
    latest: interaction?.id ?? null,
    contacts: interaction === null ? 0 : 1,
    client: interaction?.client == null ? null : { id: interaction.client.id, name: interaction.client.name },
    party: interaction?.party ?? null,
    text: cleanText(body.text, 2000),
    dueAt: body.dueAt === undefined ? null : dueBy(body.dueAt, '/dueAt', now),
    createdAt: new Date(now).toISOString(),
    escalatedAt: null,
    doneAt: null,
    doneBy: null,
  };
}
