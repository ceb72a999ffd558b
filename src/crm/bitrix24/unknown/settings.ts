import { type Static, Type } from 'typebox';

const made = Type.Union([Type.Literal('lead'), Type.Literal('deal'), Type.Literal('none')]);
const place = Type.String({ maxLength: 64 });
const statusId = Type.String({ minLength: 1, maxLength: 50 });

/** Settings about contacts of somebody whom the portal does not know. */
export const unknownSettings = {
  unknown: Type.Union([...made.anyOf], {
    default: 'lead',
    description:
      'What is made of an inbound contact of somebody unknown: a `lead`, a contact with a `deal`, or nothing (`none`). In a portal without leads, a contact with a deal takes the place of a lead.',
  }),
  unknownOn: Type.Record(place, made, {
    default: {},
    description: 'The same by line, or by channel: `call`, `email`, `message`, `form`.',
  }),
  sources: Type.Record(place, statusId, {
    default: {},
    description:
      "The source (`SOURCE_ID`) of what is made, by line or by channel. One that the portal's directory of sources lacks is left out.",
  }),
  stages: Type.Object(
    {
      qualified: Type.Optional({
        ...statusId,
        description: 'Stage of a lead (or deal) that was qualified here; by default its stage is not changed.',
      }),
      rejected: Type.Optional({
        ...statusId,
        description: 'Stage of one that was rejected here; by default `JUNK` for a lead and `LOSE` for a deal.',
      }),
    },
    { additionalProperties: false, default: {} },
  ),
  trace: Type.Boolean({
    default: true,
    description: "Whether the campaign also goes into the portal's own analytics (`crm.tracking.trace.add`).",
  }),
} as const;
const Settings = Type.Object(unknownSettings);

/** The validated settings about unknown contacts. */
export type UnknownSettings = Static<typeof Settings>;

/** What is made of somebody unknown. */
export type Made = Static<typeof made>;

/** What one of the settings by line or channel says; the line goes first. */
export function settingFor<Value>(
  { line, channel }: { readonly line: { readonly id: string } | null; readonly channel: string },
  settings: Readonly<Record<string, Value>>,
): Value | undefined {
  return (line === null ? undefined : settings[line.id]) ?? settings[channel];
}

/** Whether the settings make cards of anybody unknown. */
export function canBeMade({ unknown, unknownOn }: Pick<UnknownSettings, 'unknown' | 'unknownOn'>): boolean {
  return [unknown, ...Object.values(unknownOn)].some((made) => made !== 'none');
}
