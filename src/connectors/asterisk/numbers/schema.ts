import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const where = {
  direction: Type.Optional(
    Type.Union([Type.Literal('inbound'), Type.Literal('outbound')], {
      description:
        'Calls that the rule is for. By default both; an outside-line prefix is removed from outbound calls.',
    }),
  ),
  trunk: Type.Optional(
    Type.String({ minLength: 1, maxLength: 80, description: 'Trunk that the rule is for. By default all.' }),
  ),
};

/** The `numbers` setting: what digits mean to this PBX. */
export const NumbersSchema = Type.Array(
  Type.Union([
    Type.Object(
      {
        outsideLine: Type.String({
          pattern: '^[0-9*#]{1,6}$',
          description: 'Digits dialled for an outside line, such as 9, 0 or 98. Removed if a telephone number remains.',
        }),
        ...where,
      },
      strict,
    ),
    Type.Object(
      {
        match: Type.String({
          format: 'regex',
          maxLength: 200,
          description: 'Regular expression over the number as the PBX reports it.',
        }),
        replace: Type.String({
          maxLength: 100,
          description: 'What the number means; may contain $1 to $9, the groups of `match`.',
        }),
        ...where,
      },
      strict,
    ),
  ]),
  {
    default: [],
    maxItems: 100,
    description: 'Rules for numbers with prefixes of this PBX or its trunks. The first applicable rule counts.',
  },
);

/** A rule of the `numbers` setting. */
export type NumberRule = Static<typeof NumbersSchema>[number];
