import type { OwedState } from '../delivery/delivery.ts';
import type { LeadState, Task } from '../follow-up/follow-up.ts';
import type { Channel, Direction, Interaction, InteractionState } from '../interaction/interaction.ts';

/** A page of a listing. `next` is the cursor of the following page, null at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface PageQuery {
  /** 1–200. */
  readonly limit: number;
  readonly cursor: string | null;
}

/** Interactions that began in a period: RFC 3339 in UTC with milliseconds, the end excluded. */
export interface PeriodQuery extends PageQuery {
  readonly from: string;
  readonly until: string;
}

/** Filters of `GET /interactions`, combined with AND. Newest first. */
export interface InteractionQuery extends PageQuery {
  readonly channel?: Channel;
  readonly direction?: Direction;
  readonly client?: string;
  /** A manager who is on a leg, is responsible, or handled it. */
  readonly manager?: string;
  readonly state?: InteractionState;
  readonly phone?: string;
  /** A deal that the interaction names, or that belongs to its client if it names none. */
  readonly deal?: string;
  /** The id of a conversation. */
  readonly thread?: string;
  /** RFC 3339; started at or after this time. */
  readonly since?: string;
  /** Words that all occur in it, in any form; the last one may be a beginning. A page can be short although there are more. */
  readonly q?: string;
}

/** Filters of conversations, combined with AND. */
export interface ConversationFilters {
  /** Ids of managers who have to answer; '' stands for nobody. Absent: any. */
  readonly owners?: readonly string[];
  /** The channel of the latest contact. */
  readonly channel?: Channel;
  /** The line of the latest contact. */
  readonly line?: string;
  /** RFC 3339: it has waited since before this time, or among all open ones: it has been quiet since then. */
  readonly until?: string;
}

/** Filters of `GET /conversations`. */
export interface ConversationQuery extends ConversationFilters, PageQuery {
  /** Only those that wait for an answer, longest first; otherwise all open ones, newest first. */
  readonly unanswered: boolean;
}

/** A conversation as lists show it. */
export interface ListedConversation {
  /** The thread, or the id of a contact without one. */
  readonly id: string;
  /** Since when the client has been waiting for an answer, RFC 3339; null if nothing waits. */
  readonly waitingSince: string | null;
  /** Its latest contact; automatic messages don't count. */
  readonly latest: Interaction;
}

/** Filters of `GET /clients`. `q` holds beginnings of words of the name, in any order. */
export interface ClientQuery extends PageQuery {
  readonly phone?: string;
  readonly email?: string;
  readonly q?: string;
}

/** Filters of `GET /leads`. */
export interface LeadQuery extends PageQuery {
  readonly state?: LeadState;
}

/** Filters of `GET /tasks`. */
export interface TaskQuery extends PageQuery {
  readonly state?: Task['state'];
  readonly manager?: string;
}

/** Filters of `GET /undeliverable`. */
export interface UndeliverableQuery extends PageQuery {
  readonly email?: string;
}

/** Filters of `GET /deliveries`. */
export interface OwedQuery extends PageQuery {
  readonly state?: OwedState;
  readonly destination?: string;
}
