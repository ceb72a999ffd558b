import type { ClientId } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';
import type { Lead, Task } from '../follow-up/follow-up.ts';
import type { Interaction, Link } from '../interaction/interaction.ts';
import type { SubjectKind } from './delivery.ts';

/** The content of each kind of subject. */
interface Subjects {
  readonly interaction: { readonly kind: 'interaction'; readonly interaction: Interaction };
  readonly lead: { readonly kind: 'lead'; readonly lead: Lead };
  readonly task: { readonly kind: 'task'; readonly task: Task };
  /** The client was deleted from this program. */
  readonly client_erasure: { readonly kind: 'client_erasure'; readonly client: ClientId };
}

/** The latest state of a subject, to be delivered. */
export type DeliverySubject<Kind extends SubjectKind = SubjectKind> = Subjects[Kind];

/** A destination with its name in the configuration and the kinds of subjects it receives. */
export interface WantingDestination {
  readonly name: string;
  readonly destination: Destination;
  readonly wants: readonly SubjectKind[];
  /** Whether it keeps to its `concurrency` of requests itself, so that more attempts may be under way. */
  readonly limitsRequests?: boolean;
}

/** The name under which a core's cursors are kept. The prefix separates it from a connection of the same name. */
export function cursorsOf(core: string): string {
  return `crm:${core}`;
}

/** The id of a subject. */
export function subjectId(subject: DeliverySubject): string {
  switch (subject.kind) {
    case 'interaction':
      return subject.interaction.id;
    case 'lead':
      return subject.lead.id;
    case 'task':
      return subject.task.id;
    case 'client_erasure':
      return subject.client;
  }
}

/**
 * How one attempt ended. The reason may quote the receiver's answer (`said`): the store keeps it for a human, and it is never
 * logged. `after` is the wait in milliseconds that the receiver asked for. Only interactions keep a `link`.
 */
export type AttemptResult =
  | { readonly kind: 'done'; readonly link: Link | null }
  | { readonly kind: 'retry'; readonly reason: Reason; readonly after: number | null; readonly status: number | null }
  | { readonly kind: 'park'; readonly reason: Reason; readonly status: number | null };

/** Receives the latest states of subjects. */
export interface Destination<Wanted extends SubjectKind = SubjectKind> {
  /**
   * Delivers the latest state. Problems of the outside result in `retry` or `park`, never in a rejection. `urgent`: it
   * must not wait for other deliveries, since somebody looks at a screen.
   */
  deliver(subject: DeliverySubject<Wanted>, signal: AbortSignal, urgent?: boolean): Promise<AttemptResult>;
}
