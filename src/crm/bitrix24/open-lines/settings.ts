import { Type } from 'typebox';

/** Settings about the portal's Open Lines. Used with `messages: openlines`. */
export const openLineSettings = {
  openLines: Type.Record(
    Type.String({ minLength: 1, maxLength: 200 }),
    Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    {
      default: {},
      description:
        "Ids of the portal's open lines by our line, or by our connection for messages without a line. Lines that are not set can be connected in the portal's contact centre.",
    },
  ),
  operatorNames: Type.Boolean({
    default: false,
    description: 'Whether the answers of the Open Lines begin with the name of the operator.',
  }),
} as const;
