import { Type } from 'typebox';
import { deliveryDefaults } from '../../delivery/defaults.ts';

const channels = ['call', 'email', 'message', 'form', 'meeting'] as const;

/** Settings that every core has: what is delivered to it, and how fast. `internal` is the core's default. */
export function deliverySettings({ internal }: { readonly internal: boolean }) {
  return {
    channels: Type.Optional(
      Type.Array(Type.Union(channels.map((channel) => Type.Literal(channel))), {
        minItems: 1,
        maxItems: channels.length,
        uniqueItems: true,
        description: 'Channels whose contacts are delivered; all by default.',
      }),
    ),
    departments: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 200,
        uniqueItems: true,
        description:
          'Departments of managers whose contacts are delivered; all by default. A contact belongs to the departments of whoever is responsible for it, handled it or was rung by it; one that nobody has yet, to those to whom its line leads.',
      }),
    ),
    internal: Type.Optional(
      Type.Boolean({ default: internal, description: 'Whether contacts between colleagues are delivered.' }),
    ),
    rate: Type.Optional(
      Type.Number({
        minimum: 0.01,
        maximum: 10_000,
        description:
          'Maximum deliveries that are begun per second: over all instances with a queue in Redis, otherwise per instance.',
      }),
    ),
  } as const;
}

/** Settings of cores that need several requests for one contact. */
export const attemptSettings = {
  attempt: Type.Optional(
    Type.Integer({
      minimum: 10,
      maximum: 3600,
      default: 300,
      description: 'Seconds for everything that one contact needs: several requests, which may wait for a limit.',
    }),
  ),
  concurrency: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 64,
      default: deliveryDefaults.concurrency,
      description: 'Deliveries that occupy the other side at once; calls that ring have as many places of their own.',
    }),
  ),
} as const;
