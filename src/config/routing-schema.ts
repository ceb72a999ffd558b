import { type TSchema, Type } from 'typebox';
import { defaults } from './defaults.ts';
import { id, strict, text } from './schema-parts.ts';

const minutes = (usual: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 14_400, default: usual, description });
const one = (item: TSchema) => Type.Union([item, Type.Array(item)]);

/** The configuration's `routing`: rules, groups, working hours. */
export const Routing = Type.Object(
  {
    deadline: Type.Optional(
      Type.String({
        pattern: '^\\d+ms$',
        default: defaults.routing.deadline,
        description: 'A waiting caller is answered within this.',
      }),
    ),
    ringTimeout: Type.Optional(
      Type.Integer({
        minimum: 3,
        maximum: 300,
        default: defaults.routing.ringTimeout,
        description: 'Seconds a telephone rings.',
      }),
    ),
    within: Type.Optional(
      Type.Object(
        {
          callBack: Type.Optional(
            minutes(defaults.routing.within.callBack, 'A missed call is called back within this many working minutes.'),
          ),
          answer: Type.Optional(
            minutes(
              defaults.routing.within.answer,
              'A letter, message or form is answered within this many working minutes.',
            ),
          ),
        },
        strict,
      ),
    ),
    fallback: Type.Optional(
      Type.String({ default: defaults.routing.fallback, description: 'Target of what no rule took.' }),
    ),
    rules: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: text('Shown in the trace.'),
            when: Type.Optional(
              Type.Object(
                {
                  line: Type.Optional(one(Type.String())),
                  segment: Type.Optional(one(Type.String())),
                  match: Type.Optional(
                    one(Type.Union([Type.Literal('matched'), Type.Literal('ambiguous'), Type.Literal('unknown')])),
                  ),
                  hours: Type.Optional(
                    Type.String({ description: 'An entry of routing.hours; with a leading ! when it is closed.' }),
                  ),
                },
                strict,
              ),
            ),
            to: text('`responsible`, `manager:ID`, `group:NAME`, `queue:NUMBER` or `default`.'),
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
            members: Type.Array(id('A manager.')),
            strategy: Type.Optional(
              Type.Union([Type.Literal('all'), Type.Literal('rotate')], { default: defaults.routing.strategy }),
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
