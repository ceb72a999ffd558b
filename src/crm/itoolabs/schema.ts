import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';
import { deliverySettings } from '../shared/settings.ts';

const secret = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });
const extension = Type.String({ pattern: '^[0-9A-Za-z_.-]{1,32}$' });
const strict = { additionalProperties: false } as const;

/** Settings of an `itoolabs` destination. */
export const ItoolabsSchema = Type.Object(
  {
    kind: Type.Literal('itoolabs'),
    url: Type.String({
      pattern: '^https?://[^\\s?#]+$',
      maxLength: 500,
      description:
        "Address of the CRM's telephony service. УНФ: `http://SERVER/BASE/hs/telephony/itoolabs`. Other hosts than this one should be reached by https.",
    }),
    key: secret('The key that proves to the CRM that we are its PBX (`crm_token`). УНФ: «Ключ для авторизации в УНФ».'),
    token: Type.Optional(
      secret(
        'The key that the CRM sends with its commands (`token`). УНФ: «Ключ для авторизации в облачной АТС». Without it commands are refused.',
      ),
    ),
    username: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'User of the published service, if it asks for one.' }),
    ),
    password: Type.Optional(Type.String({ maxLength: 200, description: 'Password of this user.' })),
    misses: Type.String({
      minLength: 1,
      maxLength: 64,
      default: 'responsible',
      description:
        "Whose a missed call is: `responsible` (the client's), `last` (whose telephone rang last), or a manager's id.",
    }),
    extensions: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 64 }), extension, {
        description: 'Extensions that the CRM knows, by manager, where they differ from ours.',
      }),
    ),
    nobody: Type.String({
      ...extension,
      default: '0',
      description: 'Extension sent for calls that reached no telephone and belong to nobody: the CRM wants one always.',
    }),
    withheld: Type.String({
      pattern: '^[A-Za-z0-9]{3,32}$',
      default: 'anonymous',
      description: 'Sent as the number of callers who withhold theirs. УНФ would take an empty one for any client.',
    }),
    late: Type.Object(
      {
        after: Type.Integer({
          minimum: 10,
          maximum: 86_400,
          default: 120,
          description: 'Seconds after which a call is reported late: the CRM gives it its own time.',
        }),
        mark: Type.Boolean({
          default: true,
          description: 'Whether the true time of a late call is written behind the number that was dialled.',
        }),
        oldest: Type.Number({
          minimum: 0.01,
          maximum: 365,
          default: 7,
          description: 'Days after which a call that the CRM does not know is no longer reported.',
        }),
      },
      { ...strict, default: {}, description: 'Calls that the CRM could not be told of in time.' },
    ),
    lookup: Type.Integer({
      minimum: 100,
      maximum: 10_000,
      default: 1500,
      description: 'Milliseconds in which the CRM has to say who an unknown number is, if `clients.sources` names it.',
    }),
    ...deliverySettings({ internal: false }),
    ...reachSettings,
  },
  strict,
);

/** A validated `itoolabs` destination. */
export type ItoolabsConfig = Static<typeof ItoolabsSchema>;
