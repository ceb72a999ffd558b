import { type Static, Type } from 'typebox';
import { deliveryDefaults } from '../../delivery/defaults.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { Link } from '../../domain/interaction/interaction.ts';
import { deliverySettings } from '../shared/settings.ts';

/** Default time limit of an attempt, in seconds. */
export const usualTimeout = 15;

const { concurrency, retry } = deliveryDefaults;

/** Settings of a `webhook` destination. */
export const WebhookSchema = Type.Object(
  {
    kind: Type.Literal('webhook'),
    url: Type.String({
      pattern: '^https?://[^\\s]+$',
      maxLength: 2048,
      description: 'URL that interactions are posted to.',
    }),
    secret: Type.String({
      minLength: 8,
      maxLength: 512,
      description: 'Signing secret: `whsec_` and base64 (Standard Webhooks), or any string, whose bytes are the key.',
    }),
    timeout: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 120, default: usualTimeout, description: 'Seconds for a whole attempt.' }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 64,
        default: concurrency,
        description: 'Requests at once; calls that ring have as many places of their own.',
      }),
    ),
    ...deliverySettings({ internal: true }),
    retry: Type.Optional(
      Type.Object(
        {
          first: Type.Optional(
            Type.Number({
              minimum: 0.05,
              maximum: 3600,
              default: retry.first,
              description: 'Seconds before the first retry.',
            }),
          ),
          longest: Type.Optional(
            Type.Number({
              minimum: 0.1,
              maximum: 86400,
              default: retry.longest,
              description: 'Longest wait in seconds.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** A validated `webhook` destination. */
export type WebhookConfig = Static<typeof WebhookSchema>;

/**
 * Reads links from the receiver's answer. It is lenient on purpose: a receiver that answers `ok` or an HTML page has
 * still accepted the interaction. Ids may be numbers; anything unexpected is ignored.
 */
export function parseLink(body: string): Link | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const answer = value as Record<string, unknown>;
  const url = word(answer.url, 2048);
  const link: Link = {
    id: word(answer.id, 256),
    // People click on this link, so only web schemes are allowed.
    url: url !== null && /^https?:\/\//i.test(url) ? url : null,
    client: word(answer.client, 256),
    deal: word(answer.deal, 256),
  };
  return Object.values(link).every((part) => part === null) ? null : link;
}

function word(value: unknown, max: number): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string' || value.length > max) return null;
  return cleanText(value, max) || null;
}
