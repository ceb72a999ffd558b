import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';
import { deliverySettings } from '../shared/settings.ts';
import { backSettings } from './back/settings.ts';
import { callSettings } from './calls/settings.ts';
import { connectSettings } from './connect/settings.ts';
import { directorySettings } from './directory/settings.ts';
import { eventSettings } from './events/settings.ts';
import { openLineSettings } from './open-lines/settings.ts';
import { placementSettings } from './placement/settings.ts';
import { unknownSettings } from './unknown/settings.ts';
import { writtenSettings } from './written/settings.ts';

/** Settings of a `bitrix24` destination. */
export const Bitrix24Schema = Type.Object(
  {
    kind: Type.Literal('bitrix24'),
    ...connectSettings,
    ...unknownSettings,
    ...writtenSettings,
    ...openLineSettings,
    ...callSettings,
    ...backSettings,
    ...eventSettings,
    ...placementSettings,
    ...directorySettings,
    ...deliverySettings({ internal: false }),
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** A validated `bitrix24` destination. */
export type Bitrix24Config = Static<typeof Bitrix24Schema>;
