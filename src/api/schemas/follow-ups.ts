import { Type } from 'typebox';
import { Moment, Named, namedOrNull, orNull, textOrNull, words } from './common.ts';
import { Attribution, Channel, Line, Party } from './contact.ts';
import { lead, task } from './examples/follow-ups.ts';

/** States of a lead. */
export const LeadState = words('open', 'taken', 'qualified', 'rejected');
/** States of a task. */
export const TaskState = words('open', 'done');

/** An unmatched contact waiting in the pool. */
export const LeadSchema = Type.Object(
  {
    id: Type.String(),
    revision: Type.Integer({ minimum: 1 }),
    state: LeadState,
    channel: Channel,
    party: Party,
    line: orNull(Line),
    attribution: orNull(Attribution),
    first: Type.String({ description: 'Id of the first contact.' }),
    latest: Type.String({ description: 'Id of the latest contact.' }),
    contacts: Type.Integer({ description: 'Number of contacts.' }),
    takenBy: namedOrNull,
    client: namedOrNull,
    reason: textOrNull,
    createdAt: Moment,
    updatedAt: Moment,
  },
  { $id: 'Lead', description: 'An unmatched inbound contact waiting to be taken and qualified.', examples: [lead] },
);

/** A promise owed. */
export const TaskSchema = Type.Object(
  {
    id: Type.String(),
    revision: Type.Integer({ minimum: 1 }),
    kind: words('call_back', 'answer', 'other'),
    state: TaskState,
    manager: orNull(Named, 'Null: any manager may do it.'),
    interaction: textOrNull,
    latest: orNull(Type.String(), 'Id of the latest contact. Several missed calls of a party are one task.'),
    contacts: Type.Integer({ description: 'Number of contacts, such as missed calls.' }),
    client: namedOrNull,
    party: orNull(Party),
    text: textOrNull,
    dueAt: orNull(Moment, "Depends on the manager's working hours unless it was set."),
    overdue: Type.Boolean(),
    createdAt: Moment,
    escalatedAt: orNull(Moment, 'When it was given to another manager because it was not done in time.'),
    doneAt: orNull(Moment),
    doneBy: namedOrNull,
  },
  { $id: 'Task', description: 'A promise owed: a call back, an answer, or anything written down.', examples: [task] },
);
