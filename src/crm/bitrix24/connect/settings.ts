import { type Static, Type } from 'typebox';
import { deliveryDefaults } from '../../../delivery/defaults.ts';

const strict = { additionalProperties: false } as const;
/** Without TLS only on this machine. */
const root = '^(https://[^\\s/?#]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?)';

const App = Type.Object(
  {
    portal: Type.Optional(
      Type.String({
        pattern: `${root}/?$`,
        maxLength: 300,
        description: 'Address of the portal: `https://company.bitrix24.ru`. Not needed beside `webhook`.',
      }),
    ),
    clientId: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The code of the local application (`client_id`).',
    }),
    clientSecret: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The key of the local application (`client_secret`).',
    }),
    oauth: Type.Optional(
      Type.String({
        pattern: `${root}/?$`,
        maxLength: 300,
        default: 'https://oauth.bitrix.info',
        description: 'Server that renews the tokens, also for self-hosted portals.',
      }),
    ),
  },
  { ...strict, description: 'A local application of the portal.' },
);

/** Settings of the way to the portal and of its limits. */
export const connectSettings = {
  webhook: Type.Optional(
    Type.String({
      pattern: `${root}/rest/\\d+/[^\\s/]+/?$`,
      maxLength: 500,
      description: 'Address of an inbound webhook: `https://PORTAL/rest/USER/SECRET/`. The whole address is a secret.',
    }),
  ),
  app: Type.Optional(App),
  users: Type.Optional(
    Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.Integer({ minimum: 1 }), {
      description: "Ids of the portal's users by manager, where neither extension nor e-mail finds the user.",
    }),
  ),
  defaultUser: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'Portal user for the contacts and tasks of managers that the portal does not know; by default the owner of the webhook or application.',
    }),
  ),
  limits: Type.Optional(
    Type.Object(
      {
        perSecond: Type.Number({
          minimum: 0,
          maximum: 1000,
          default: 2,
          description:
            'Requests a second that the portal takes in the long run: 2, Enterprise 5. 0: no limit (self-hosted).',
        }),
        burst: Type.Integer({
          minimum: 2,
          maximum: 100_000,
          default: 50,
          description: 'Requests that it takes at once: 50, Enterprise 250.',
        }),
        methodSeconds: Type.Integer({
          minimum: 1,
          maximum: 100_000,
          default: 480,
          description: 'Seconds that one method may work for us within ten minutes.',
        }),
        instances: Type.Integer({
          minimum: 1,
          maximum: 100,
          default: 1,
          description: 'Instances of Patchbay that share the limit without Redis; each takes its part of it.',
        }),
      },
      { ...strict, default: {} },
    ),
  ),
  attempt: Type.Optional(
    Type.Integer({
      minimum: 10,
      maximum: 3600,
      default: 300,
      description: 'Seconds for everything that one contact needs: several requests, which may wait for the limit.',
    }),
  ),
  concurrency: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 64,
      default: deliveryDefaults.concurrency,
      description: 'Requests of deliveries at once; calls that ring have as many of their own.',
    }),
  ),
} as const;

/** A validated local application, with the address of its portal. */
export type AppConfig = Static<typeof App> & { readonly portal: string };

/** Validated limits. */
export type LimitSettings = NonNullable<Static<(typeof connectSettings)['limits']>>;
