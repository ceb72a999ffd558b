import { type Static, Type } from 'typebox';
import { NumbersSchema } from './numbers/schema.ts';
import { RecordSchema } from './record/settings.ts';
import { RecordingsSchema } from './recordings/schema.ts';
import { charsets } from './text/charsets.ts';

const strict = { additionalProperties: false } as const;

/** Settings of a connection of `kind: asterisk`. */
export const AsteriskSchema = Type.Object(
  {
    kind: Type.Literal('asterisk'),
    dial: Type.String({
      default: 'PJSIP/{extension}',
      pattern: '\\{extension\\}',
      description: 'Dial string of an extension.',
    }),
    clickToCall: Type.Optional(
      Type.Object(
        {
          context: Type.String({
            pattern: '^[A-Za-z0-9_.-]{1,79}$',
            description:
              'The dialplan context from which managers call out, such as patchbay-call, which pbx-config prints.',
          }),
          number: Type.String({
            default: '{digits}',
            pattern: '^[0-9*#+]{0,10}\\{digits\\}$',
            description: 'How numbers are dialled. {digits} is the number with its country code, without the plus.',
          }),
          callerId: Type.Optional(
            Type.String({
              pattern: '^\\+?[0-9]{2,15}$',
              description:
                'The caller id that clients see, PATCHBAY_CALLERID in the dialplan. By default it is the extension, as if dialled by hand.',
            }),
          ),
          ring: Type.Integer({
            minimum: 5,
            maximum: 60,
            default: 20,
            description: "How long the manager's phone rings, in seconds.",
          }),
        },
        { ...strict, description: 'Settings of click-to-call (POST /calls). Without them such calls are refused.' },
      ),
    ),
    callControl: Type.Optional(
      Type.Object(
        {
          context: Type.String({
            pattern: '^[A-Za-z0-9_.-]{1,79}$',
            description:
              'The dialplan context in which transfers dial extensions: the one that your phones dial from, such as from-internal (FreePBX) or internal-transfer (MikoPBX).',
          }),
          parkingLot: Type.Optional(
            Type.String({
              pattern: '^[A-Za-z0-9_.-]{1,79}$',
              description: "The parking lot of res_parking.conf. By default the channel's own.",
            }),
          ),
          passOnDeclined: Type.Optional(
            Type.Boolean({
              default: false,
              description:
                'Whether a call that was declined on the last telephone it rang is taken from the dialplan, and dials where routing sends it next. The printed dialplan asks again by itself.',
            }),
          ),
        },
        { ...strict, description: 'Settings of transfers from the desk. Without them transfers are refused.' },
      ),
    ),
    timezone: Type.Optional(
      Type.String({ format: 'time-zone', description: "The PBX's time zone, for its call record." }),
    ),
    ami: Type.Object(
      {
        host: Type.String({ minLength: 1 }),
        port: Type.Integer({ minimum: 1, maximum: 65535, default: 5038 }),
        username: Type.String({ minLength: 1 }),
        secret: Type.String({ minLength: 1 }),
        tls: Type.Union(
          [
            Type.Boolean(),
            Type.Object(
              { ca: Type.Optional(Type.String()), rejectUnauthorized: Type.Optional(Type.Boolean()) },
              strict,
            ),
          ],
          { default: false },
        ),
      },
      strict,
    ),
    agi: Type.Optional(
      Type.Object(
        {
          host: Type.String({ default: '127.0.0.1' }),
          port: Type.Integer({ minimum: 0, maximum: 65535, default: 4573 }),
          allow: Type.Optional(
            Type.Array(Type.String({ format: 'peer', maxLength: 253 }), {
              minItems: 1,
              maxItems: 100,
              description:
                'Allowed peers, as the answers contain names of clients. Other connections are closed at once. By default loopback and ami.host.',
            }),
          ),
        },
        {
          ...strict,
          description:
            'Address on which Patchbay answers FastAGI. Without it, the PBX can not ask for routes this way.',
        },
      ),
    ),
    extensions: Type.String({
      format: 'regex',
      default: '^[1-9]\\d{2,3}$',
      description:
        'Regular expression that matches our extensions. If its first group is an extension by itself, as in ^(\\d{3})(-WS)?$, the group names the extension.',
    }),
    trunks: Type.Array(Type.String({ minLength: 1, maxLength: 80 }), {
      default: [],
      description:
        'Endpoints that lead outside, as name or Technology/name. Those that match no extension are taken for trunks anyway, unless their caller id is an extension.',
    }),
    charset: Type.Union([Type.Literal('auto'), ...charsets.map((name) => Type.Literal(name))], {
      default: 'auto',
      description: 'Charset of caller names that are not UTF-8. By default it is guessed for each name.',
    }),
    numbers: NumbersSchema,
    devices: Type.Array(
      Type.Union([
        Type.Literal('mikopbx'),
        Type.Literal('freepbx'),
        Type.Object(
          {
            match: Type.String({
              format: 'regex',
              maxLength: 200,
              description: 'Regular expression over the name of the endpoint.',
            }),
            extension: Type.String({
              minLength: 1,
              maxLength: 80,
              description: 'The extension. $1 to $9 are the groups of `match`.',
            }),
          },
          strict,
        ),
      ]),
      {
        default: ['mikopbx', 'freepbx'],
        maxItems: 200,
        description:
          'Rules that name the extensions of further devices, the first one counts. mikopbx: 201-WS and 201_mob are 201. freepbx: 90201 and 99201 are 201.',
      },
    ),
    recordings: Type.Optional(RecordingsSchema),
    cdr: Type.Optional(RecordSchema),
  },
  strict,
);

/** The settings with defaults filled in. */
export type AsteriskConfig = Static<typeof AsteriskSchema>;

/** The peers that may use a connection's FastAGI. */
export function agiPeersOf({ ami, agi }: Pick<AsteriskConfig, 'ami' | 'agi'>): readonly string[] {
  return agi?.allow ?? ['loopback', ami.host];
}
