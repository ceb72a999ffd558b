import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';

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
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** A validated `bitrix24` destination. */
export type Bitrix24Config = Static<typeof Bitrix24Schema>;
