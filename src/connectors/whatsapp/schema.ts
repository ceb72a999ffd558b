import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';
import { markSettings } from '../shared/mark-settings.ts';

const strict = { additionalProperties: false } as const;

/** Settings of a connection of `kind: whatsapp`. */
export const WhatsappSchema = Type.Object(
  {
    kind: Type.Literal('whatsapp'),
    phoneNumberId: Type.String({
      pattern: '^\\d{3,30}$',
      description: "The number's id (not the number) in the app's WhatsApp settings.",
    }),
    token: Type.String({ minLength: 10, description: 'Access token of a system user.' }),
    appSecret: Type.String({ minLength: 8, description: "The app's secret, with which webhook requests are signed." }),
    verifyToken: Type.String({
      minLength: 8,
      description: 'A word of your choice, the same as in the webhook settings of the app.',
    }),
    api: Type.String({
      default: 'https://graph.facebook.com',
      pattern: '^https?://[^\\s]+$',
      description: 'Root of the Graph API.',
    }),
    version: Type.String({ default: 'v23.0', pattern: '^v\\d+\\.\\d+$', description: 'Version of the Graph API.' }),
    businessAccountId: Type.Optional(
      Type.String({
        pattern: '^\\d{3,30}$',
        description: 'Id of the WhatsApp Business account, whose approved templates the desk offers.',
      }),
    ),
    template: Type.Optional(
      Type.Object(
        { name: Type.String({ minLength: 1 }), language: Type.String({ minLength: 2 }) },
        {
          ...strict,
          description:
            'A template whose only body parameter is the text. It is used to start conversations, and after 24 hours.',
        },
      ),
    ),
    userIdField: Type.String({
      default: 'recipient',
      pattern: '^\\w+$',
      description: 'Field for the user id in messages to people without a number.',
    }),
    ...markSettings,
    typing: Type.Boolean({
      default: false,
      description:
        'Show clients that an operator is writing to them. WhatsApp then also marks their message as read, whatever `markRead` says.',
    }),
    ...reachSettings,
  },
  strict,
);

/** The same with defaults filled in. */
export type WhatsappConfig = Static<typeof WhatsappSchema>;
