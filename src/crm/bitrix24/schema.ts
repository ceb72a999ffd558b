import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';
import { unknownSettings } from './unknown/settings.ts';
import { writtenSettings } from './written/settings.ts';

/** Settings of a `bitrix24` destination. */
export const Bitrix24Schema = Type.Object(
  {
    kind: Type.Literal('bitrix24'),
    webhook: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s]+/rest/\\d+/[^\\s/]+/?$',
        maxLength: 500,
        description:
          'Address of an inbound webhook: `https://PORTAL/rest/USER/SECRET/`. The whole address is a secret.',
      }),
    ),
    users: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.Integer({ minimum: 1 }), {
        description: "Ids of the portal's users by manager, where neither extension nor e-mail finds the user.",
      }),
    ),
    ...unknownSettings,
    ...writtenSettings,
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** A validated `bitrix24` destination. */
export type Bitrix24Config = Static<typeof Bitrix24Schema>;
