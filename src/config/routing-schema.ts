import { type TSchema, Type } from 'typebox';
import { defaults } from './defaults.ts';
import { id, strict, text } from './schema-parts.ts';

const minutes = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 14_400, default: fallback, description });
const one = (item: TSchema) => Type.Union([item, Type.Array(item)]);

/** The `routing` section: rules, groups, working hours. */
export const Routing = Type.Object(
  {
    deadline: Type.Optional(
      Type.String({
        pattern: '^\\d+ms$',
        default: defaults.routing.deadline,
        description: 'A routing question of a PBX is answered within this time.',
      }),
    ),
    ringTimeout: Type.Optional(
      Type.Integer({
        minimum: 3,
        maximum: 300,
        default: defaults.routing.ringTimeout,
        description: 'How long a phone rings, in seconds.',
      }),
    ),
    within: Type.Optional(
      Type.Object(
        {
          callBack: Type.Optional(
            minutes(defaults.routing.within.callBack, 'Working minutes within which a missed call should be returned.'),
          ),
          answer: Type.Optional(
            minutes(
              defaults.routing.within.answer,
              'Working minutes within which a letter, message or form should be answered.',
            ),
          ),
        },
        strict,
      ),
    ),
    misses: Type.Optional(
      Type.Object(
        {
          to: Type.Optional(
            Type.Array(Type.Union([Type.Literal('client'), Type.Literal('last'), Type.Literal('head')]), {
              minItems: 1,
              maxItems: 3,
              default: [...defaults.routing.misses.to],
              description:
                "Who has to return a missed call: the client's manager, the manager who was rung last, or the head of the group. The first one who is known.",
            }),
          ),
          escalate: Type.Optional(
            Type.Object(
              {
                after: minutes(
                  defaults.routing.misses.escalate.after,
                  "Working minutes of the task's manager after its due time.",
                ),
                to: Type.Optional(
                  Type.String({
                    pattern: '^(head|manager:[A-Za-z0-9_.:-]{1,64})$',
                    default: defaults.routing.misses.escalate.to,
                    description: '`head` of a group of the manager, or `manager:ID`.',
                  }),
                ),
              },
              { ...strict, description: 'Gives missed calls that were not returned in time to another manager.' },
            ),
          ),
        },
        strict,
      ),
    ),
    last: Type.Optional(
      Type.Object(
        {
          within: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 365,
              default: defaults.routing.last.within,
              description: 'Days after which a talk no longer counts for the target `last`.',
            }),
          ),
        },
        strict,
      ),
    ),
    fallback: Type.Optional(
      Type.String({ default: defaults.routing.fallback, description: 'Target if no rule applies.' }),
    ),
    rules: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: text('Name of the rule, shown in the trace.'),
            when: Type.Optional(
              Type.Object(
                {
                  line: Type.Optional(one(Type.String())),
                  segment: Type.Optional(one(Type.String())),
                  match: Type.Optional(
                    one(Type.Union([Type.Literal('matched'), Type.Literal('ambiguous'), Type.Literal('unknown')])),
                  ),
                  hours: Type.Optional(
                    Type.String({
                      description: 'An entry of routing.hours; with a leading `!` the time outside of it.',
                    }),
                  ),
                },
                strict,
              ),
            ),
            to: text('`responsible`, `last`, `manager:ID`, `group:NAME`, `queue:NUMBER` or `default`.'),
          },
          strict,
        ),
        { default: [] },
      ),
    ),
    groups: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' }),
        Type.Object(
          {
            members: Type.Array(id('Id of a manager.')),
            head: Type.Optional(id('Manager who heads the group, for missed calls.')),
            strategy: Type.Optional(
              Type.Union([Type.Literal('all'), Type.Literal('rotate'), Type.Literal('order')], {
                default: defaults.routing.strategy,
                description:
                  '`all` rings everybody at once, `rotate` the one whose turn it is, `order` the first in the list who can be reached.',
              }),
            ),
            queue: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_.-]+$' })),
          },
          strict,
        ),
        { default: {} },
      ),
    ),
    hours: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' }),
        Type.Object(
          {
            timezone: Type.Optional(Type.String()),
            week: Type.Record(
              Type.String({ pattern: '^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$' }),
              one(Type.String({ pattern: '^([01]?\\d|2[0-4]):[0-5]\\d-([01]?\\d|2[0-4]):[0-5]\\d$' })),
            ),
            holidays: Type.Optional(Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { default: [] })),
            workdays: Type.Optional(Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { default: [] })),
          },
          strict,
        ),
        { default: {} },
      ),
    ),
  },
  strict,
);
