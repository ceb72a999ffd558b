import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';

const strict = { additionalProperties: false } as const;
const secret = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });

/** Settings of a connection of `kind: vats`. */
export const VatsSchema = Type.Object(
  {
    kind: Type.Literal('vats'),
    token: secret(
      'The key that the cloud PBX sends with its messages (`crm_token`). You choose it and enter it there.',
    ),
    api: Type.Optional(
      Type.Object(
        {
          url: Type.String({
            pattern: '^(https://[^\\s?#]+|http://(localhost|127\\.0\\.0\\.1)(:\\d+)?/[^\\s?#]*)$',
            maxLength: 500,
            description:
              "Address of the cloud PBX's commands: `https://COMPANY.megapbx.ru/sys/crm_api.wcgp`, or MegaFon's newer `https://COMPANY.megapbx.ru/crmapi/v1`.",
          }),
          key: secret('The key for these commands, which the cloud PBX shows.'),
          kind: Type.Union([Type.Literal('forms'), Type.Literal('megafon')], {
            default: 'forms',
            description: "`megafon`: MegaFon's newer interface, which takes the key in a header.",
          }),
        },
        {
          ...strict,
          description: 'Commands to the cloud PBX: click-to-call, the list of employees, and calls that were missed.',
        },
      ),
    ),
    history: Type.Object(
      {
        every: Type.Integer({
          minimum: 30,
          maximum: 86_400,
          default: 300,
          description: 'Seconds between two readings of ended calls, if `api` is set.',
        }),
        overlap: Type.Integer({
          minimum: 60,
          maximum: 86_400,
          default: 900,
          description: 'Seconds by which two readings overlap. Once an hour the last 24 hours are read again.',
        }),
      },
      { ...strict, default: {}, description: 'How calls are read whose messages did not arrive.' },
    ),
    logins: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.String({ pattern: '^[0-9A-Za-z_.-]{1,32}$' }), {
        description: 'Extensions by login, for employees whom the cloud PBX only names by their login.',
      }),
    ),
    recordings: Type.Object(
      {
        hosts: Type.Array(Type.String({ pattern: '^[a-z0-9.-]+(:\\d+)?$', maxLength: 253 }), {
          maxItems: 50,
          default: [],
          description:
            'Hosts that recordings are fetched from, with those below them; that of `api` always is. Example: `megapbx.ru`.',
        }),
        format: Type.Union([Type.Literal('original'), Type.Literal('mp3'), Type.Literal('opus')], {
          default: 'original',
          description: 'Format that recordings are kept in; others than `original` need ffmpeg.',
        }),
      },
      {
        ...strict,
        default: {},
        description: 'Recordings of calls. They are copied, since the cloud PBX removes them.',
      },
    ),
    idle: Type.Integer({
      minimum: 10,
      maximum: 3600,
      default: 60,
      description:
        'Seconds without any ringing or talking telephone after which a call is over, without waiting for its history.',
    }),
    ...reachSettings,
  },
  strict,
);

/** The same with defaults filled in. */
export type VatsConfig = Static<typeof VatsSchema>;
