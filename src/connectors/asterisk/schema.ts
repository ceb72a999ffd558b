import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;

/** Settings of a connection of `kind: asterisk`. */
export const AsteriskSchema = Type.Object(
  {
    kind: Type.Literal('asterisk'),
    dial: Type.String({
      default: 'PJSIP/{extension}',
      pattern: '\\{extension\\}',
      description: 'How an extension is dialled.',
    }),
    clickToCall: Type.Optional(
      Type.Object(
        {
          context: Type.String({
            pattern: '^[A-Za-z0-9_.-]{1,79}$',
            description: 'The dialplan context that a manager calls out from; patchbay-call is what pbx-config prints.',
          }),
          number: Type.String({
            default: '{digits}',
            pattern: '^[0-9*#+]{0,10}\\{digits\\}$',
            description: 'How the dialplan wants a number: {digits} is it with its country, without the plus.',
          }),
          callerId: Type.Optional(
            Type.String({
              pattern: '^\\+?[0-9]{2,15}$',
              description:
                'The number of ours that clients are shown, PATCHBAY_CALLERID in the dialplan; else the extension, as if dialled by hand.',
            }),
          ),
          ring: Type.Integer({
            minimum: 5,
            maximum: 60,
            default: 20,
            description: "Seconds that the manager's telephone rings.",
          }),
        },
        { ...strict, description: 'Calls asked for by POST /calls; without it they are refused.' },
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
                'Who may ask: the answers name clients. Others are closed at once. By default: loopback and ami.host.',
            }),
          ),
        },
        { ...strict, description: 'Where this program answers FastAGI; without it nobody is asked for a route.' },
      ),
    ),
    extensions: Type.String({
      format: 'regex',
      default: '^[1-9]\\d{2,3}$',
      description: 'Regular expression of what is an extension of ours.',
    }),
    trunks: Type.Array(Type.String(), {
      default: [],
      description: 'Endpoint names that lead outside, where the expression would take them for extensions.',
    }),
    recordings: Type.Optional(
      Type.Object(
        { dir: Type.String({ minLength: 1, description: "The PBX's monitor directory, as this machine sees it." }) },
        strict,
      ),
    ),
    cdr: Type.Optional(
      Type.Object(
        {
          csv: Type.String({ minLength: 1, description: 'Master.csv of cdr_csv, as this machine sees it.' }),
          utc: Type.Boolean({ default: false, description: 'usegmtime=yes in cdr.conf.' }),
        },
        strict,
      ),
    ),
  },
  strict,
);

/** The same with defaults filled in. */
export type AsteriskConfig = Static<typeof AsteriskSchema>;

/** Who may ask a connection's FastAGI. */
export function allowedToAsk({ ami, agi }: Pick<AsteriskConfig, 'ami' | 'agi'>): readonly string[] {
  return agi?.allow ?? ['loopback', ami.host];
}
