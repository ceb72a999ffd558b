import { type Static, Type } from 'typebox';

/** The id of an entry of the portal's directory of sources (`crm.status.list`, ENTITY_ID `SOURCE`). */
const source = Type.String({ minLength: 1, maxLength: 50 });

/** Settings about calls. */
export const callSettings = {
  show: Type.Boolean({ default: true, description: "Whether the portal's call card opens while a telephone rings." }),
  misses: Type.String({
    minLength: 1,
    maxLength: 64,
    default: 'responsible',
    description:
      "Whose a missed call is: `responsible` (the client's), `last` (whose telephone rang last), or a manager's id.",
  }),
  calls: Type.Object(
    {
      create: Type.Boolean({
        default: false,
        description: 'Whether the portal itself creates a lead for an unknown number (`CRM_CREATE`).',
      }),
      source: Type.Optional({ ...source, description: 'Source (`CRM_SOURCE`) of what `create` creates.' }),
      sources: Type.Record(Type.String({ maxLength: 64 }), source, {
        default: {},
        description: 'The same by line.',
      }),
      lineNumbers: Type.Boolean({
        default: true,
        description: "Whether the line's number is sent. The portal makes an external line of an unknown one.",
      }),
      chat: Type.Boolean({
        default: true,
        description: 'Whether a call that was followed live is also announced in the chat of its manager.',
      }),
      withheld: Type.String({
        pattern: '^[0-9]{1,15}$',
        default: '0000000000',
        description: 'Number sent for callers who withhold theirs; the portal accepts no call without one.',
      }),
      largestRecord: Type.Integer({
        minimum: 1,
        maximum: 2048,
        default: 100,
        description: 'Largest recording that is attached, in MB.',
      }),
      inlineRecords: Type.Integer({
        minimum: 0,
        maximum: 10,
        default: 0,
        description: 'Recordings up to this many MB are sent within the request (`FILE_CONTENT`) instead of uploaded.',
      }),
    },
    { additionalProperties: false, default: {} },
  ),
} as const;
const Settings = Type.Object(callSettings);

/** The validated settings about calls. */
export type CallSettings = Static<typeof Settings>;
