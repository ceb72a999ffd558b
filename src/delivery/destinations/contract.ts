import type { TSchema } from 'typebox';
import type { Interaction, Link } from '../../domain/interaction/interaction.ts';
import type { Clock } from '../../runtime/clock.ts';

/** The latest state of one thing a destination is owed. Other kinds join as they are built. */
export interface DeliverySubject {
  readonly kind: 'interaction';
  readonly interaction: Interaction;
}

/**
 * How one attempt ended, in the destination's words. `error` may quote the receiver's answer: it is kept
 * in the store for a human and never logged. `after` is the wait in milliseconds the receiver asked for.
 */
export type AttemptResult =
  | { readonly kind: 'done'; readonly link: Link | null }
  | { readonly kind: 'retry'; readonly error: string; readonly after: number | null; readonly status: number | null }
  | { readonly kind: 'park'; readonly error: string; readonly status: number | null };

/** One configured CRM core. */
export interface Destination {
  /** Carries the latest state over. Never rejects for trouble of the outside: that is a `retry` or a `park`. */
  deliver(subject: DeliverySubject, signal: AbortSignal): Promise<AttemptResult>;
}

/** What a destination gets to work with. */
export interface DestinationContext {
  /** The destination's name in the configuration. */
  readonly name: string;
  readonly clock: Clock;
}

/** A kind of destination: a plain constant, `create` has no side effects. */
export interface DestinationDefinition<Config> {
  readonly kind: string;
  /** TypeBox schema of the destination's settings, `kind` included. */
  readonly schema: TSchema;
  create(config: Config, context: DestinationContext): Destination;
}
