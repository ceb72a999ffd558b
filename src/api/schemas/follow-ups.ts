import { Type } from 'typebox';
import { Moment, NamedSchema, orNull, textOrNull, words } from './common.ts';
import { Attribution, Channel, Line, Party } from './interaction.ts';

const namedOrNull = orNull(NamedSchema);

/** States of a lead. */
export const LeadState = words('open', 'taken', 'qualified', 'rejected');
/** States of a task. */
export const TaskState = words('open', 'done');

/** Somebody unknown who waits in the pool. */
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
    contacts: Type.Integer(),
    takenBy: namedOrNull,
    client: namedOrNull,
    reason: textOrNull,
    createdAt: Moment,
    updatedAt: Moment,
  },
  { $id: 'Lead' },
);

/** A promise owed. */
export const TaskSchema = Type.Object(
  {
    id: Type.String(),
    revision: Type.Integer({ minimum: 1 }),
    kind: words('call_back', 'answer', 'other'),
    state: TaskState,
    manager: Type.Union([NamedSchema, Type.Null()], { description: 'null: whoever takes it first.' }),
    interaction: textOrNull,
    client: namedOrNull,
    party: orNull(Party),
    text: textOrNull,
    dueAt: Type.Union([Moment, Type.Null()], { description: 'By the working hours of who owes it.' }),
    overdue: Type.Boolean(),
    createdAt: Moment,
    doneAt: orNull(Moment),
    doneBy: namedOrNull,
  },
  { $id: 'Task' },
);
