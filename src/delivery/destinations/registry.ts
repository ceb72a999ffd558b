import { Value } from 'typebox/value';
import { entryOf } from '../../domain/base/entry-of.ts';
import type { Destination, DestinationContext, DestinationDefinition } from './contract.ts';
import { webhookDestination } from './webhook/webhook.ts';

/** Every kind of destination there is. A new one is one folder and one line here. */
export const destinationKinds: Readonly<Record<string, DestinationDefinition<never>>> = {
  webhook: webhookDestination,
};

/** Builds a destination from its settings; throws in words for an administrator when they are wrong. */
export function createDestination(settings: { readonly kind: string }, context: DestinationContext): Destination {
  const definition = entryOf(destinationKinds, settings.kind);
  if (definition === undefined) {
    const known = Object.keys(destinationKinds).join(', ');
    throw new Error(`destinations.${context.name}.kind: expected one of ${known}, got "${settings.kind}"`);
  }
  const [problem] = Value.Errors(definition.schema, settings);
  if (problem !== undefined) {
    throw new Error(`destinations.${context.name}${problem.instancePath.replaceAll('/', '.')}: ${problem.message}`);
  }
  return definition.create(settings as never, context);
}
