import { Type } from 'typebox';

/** Settings about what begins in the portal. */
export const backSettings = {
  callBacks: Type.Union([Type.Literal('task'), Type.Literal('call'), Type.Literal('none')], {
    default: 'task',
    description:
      "What becomes of the portal's call-back forms: a `task` to call back, a `call` at once (and the task if nobody can be reached), or `none`.",
  }),
} as const;
