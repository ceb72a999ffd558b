import { Type } from 'typebox';

/** Settings about our pages inside the portal. */
export const placementSettings = {
  historyTab: Type.Boolean({
    default: true,
    description:
      'Whether call cards, leads, deals, contacts and companies get a tab with the contacts over all channels.',
  }),
} as const;
