import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';

/** Settings of a connection of `kind: webhook`. */
export const WebhookSchema = Type.Object(
  {
    kind: Type.Literal('webhook'),
    secret: Type.String({
      minLength: 16,
      description: 'Secret for signing requests in both directions (Standard Webhooks): `whsec_…` or any other string.',
    }),
    account: Type.String({
      pattern: '^[a-z][a-z0-9_-]{1,31}$',
      description: "Prefix of the service's accounts: a client's identifier is `ACCOUNT:ID`.",
    }),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s]+$',
        description: 'URL to post outbound messages to. Without it, the connection only receives.',
      }),
    ),
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** The same with defaults filled in. */
export type WebhookConfig = Static<typeof WebhookSchema>;
