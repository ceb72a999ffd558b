import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';
import { deliverySettings } from '../shared/settings.ts';
import { connectSettings } from './connect/settings.ts';
import { directorySettings } from './directory/settings.ts';

/** Settings of a `onec` destination. */
export const OnecSchema = Type.Object(
  {
    kind: Type.Literal('onec'),
    ...connectSettings,
    unknown: Type.Union([Type.Literal('lead'), Type.Literal('none')], {
      default: 'none',
      description:
        'What a contact of somebody unknown becomes besides: a lead of the configuration, or nothing. It is written with a text contact in both cases.',
    }),
    misses: Type.String({
      minLength: 1,
      maxLength: 64,
      default: 'responsible',
      description:
        "Whose a missed call is: `responsible` (the client's), `last` (whose telephone rang last), or a manager's id.",
    }),
    ...directorySettings,
    ...deliverySettings({ internal: false }),
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** A validated `onec` destination. */
export type OnecConfig = Static<typeof OnecSchema>;
