import { type Static, Type } from 'typebox';

/** Settings about letters, messages, forms and tasks. */
export const writtenSettings = {
  language: Type.Union([Type.Literal('ru'), Type.Literal('en')], {
    default: 'ru',
    description: 'Language of the texts that are put into the portal.',
  }),
  deals: Type.Union([Type.Literal('newest'), Type.Literal('all'), Type.Literal('none')], {
    default: 'newest',
    description: "Which open deals of the client get letters, messages and forms beside the client's card.",
  }),
  messages: Type.Union([Type.Literal('activity'), Type.Literal('openlines'), Type.Literal('none')], {
    default: 'activity',
    description:
      "Where messengers' messages go: into the client's timeline, into the chats of the portal's Open Lines (needs `app`), or nowhere.",
  }),
  written: Type.Object(
    {
      provider: Type.Optional(
        Type.String({
          pattern: '^[A-Z0-9_]{1,50}$',
          description:
            'Provider (`PROVIDER_ID`) of the activities of messages and forms. By default `REST_APP` with an application; a webhook may not use that one, so it writes comments.',
        }),
      ),
      text: Type.Integer({
        minimum: 500,
        maximum: 100_000,
        default: 20_000,
        description: 'Characters of a text at most; a longer one is cut.',
      }),
      files: Type.Integer({
        minimum: 0,
        maximum: 50,
        default: 5,
        description:
          'MB of files at most that are copied into the portal with one contact. Further files are named with a link.',
      }),
      erase: Type.Boolean({
        default: false,
        description:
          'Whether the deletion of a client here also deletes there what was recorded of letters, messages, forms and tasks.',
      }),
    },
    { additionalProperties: false, default: {} },
  ),
  tasks: Type.Object(
    {
      missed: Type.Boolean({ default: false, description: 'Whether a missed call makes a to-do in the portal.' }),
      unanswered: Type.Boolean({
        default: false,
        description: 'Whether an unanswered letter, message or form makes one.',
      }),
      minutes: Type.Integer({
        minimum: 1,
        maximum: 10_080,
        default: 30,
        description: 'Minutes to its deadline if the task has none.',
      }),
    },
    { additionalProperties: false, default: {} },
  ),
} as const;
const Settings = Type.Object(writtenSettings);

/** The validated settings about letters, messages, forms and tasks. */
export type WrittenSettings = Static<typeof Settings>;
