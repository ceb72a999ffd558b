import { type Static, Type } from 'typebox';
import { reachSettings } from '../../runtime/http/settings.ts';
import { markSettings } from '../shared/mark-settings.ts';

/** Settings of a connection of `kind: vk`. */
export const VkSchema = Type.Object(
  {
    kind: Type.Literal('vk'),
    group: Type.String({ pattern: '^\\d{1,20}$', description: "The community's id." }),
    token: Type.String({ minLength: 10, description: "The community's access key, with access to messages." }),
    secret: Type.String({ minLength: 8, maxLength: 50, description: 'The secret key of the Callback API server.' }),
    confirmation: Type.String({
      pattern: '^[\\w-]{1,64}$',
      description: 'The string that VK expects when it confirms the server.',
    }),
    api: Type.String({
      default: 'https://api.vk.com/method',
      pattern: '^https?://[^\\s]+$',
      description: 'Root of the API.',
    }),
    version: Type.String({ default: '5.199', pattern: '^\\d+\\.\\d+$', description: 'Version of the API.' }),
    authors: Type.Record(Type.String(), Type.String(), {
      default: {},
      description: "VK ids of the community's employees and their manager ids.",
    }),
    comments: Type.Array(
      Type.Union([
        Type.Literal('wall'),
        Type.Literal('photo'),
        Type.Literal('video'),
        Type.Literal('market'),
        Type.Literal('board'),
      ]),
      {
        default: [],
        description:
          'Where to read comments: under posts, photos, videos and goods, and in discussions. By default, nowhere.',
      },
    ),
    ...markSettings,
    ...reachSettings,
  },
  { additionalProperties: false },
);

/** The same with defaults filled in. */
export type VkConfig = Static<typeof VkSchema>;
