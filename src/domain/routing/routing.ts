import type { EventKey } from '../base/ids.ts';
import type { MatchOutcome, Named, RouteDecision, TraceStep } from '../interaction/interaction.ts';

/** The routing part of the configuration. `routing`, `managers` and `lines` are replaced together on SIGHUP. */
export interface RoutingPlan {
  /** Milliseconds within which a decision is made for a waiting caller. Later, the answer is `default`. */
  readonly deadline: number;
  /** Tried in order. The first one that applies and whose target can be reached decides. */
  readonly rules: readonly RoutingRule[];
  /** The target of calls that no rule applies to. */
  readonly fallback: RouteTarget;
  readonly groups: Readonly<Record<string, Group>>;
  readonly hours: Readonly<Record<string, WorkingHours>>;
  /** Working minutes after which call-backs and answers are overdue. */
  readonly within: { readonly callBack: number; readonly answer: number };
  /** Who has to return missed calls, and who gets those that were not returned in time; `escalate` null: nobody else. */
  readonly misses: { readonly owners: readonly MissOwner[]; readonly escalate: Escalation | null };
  /** Days after which a talk no longer counts for the target `last`. */
  readonly last: { readonly within: number };
  /** Seconds a manager's telephone rings before the dialplan asks again. */
  readonly ringTimeout: number;
}

/** A target of a call. `responsible`: the responsible manager, or the deputy. `last`: the manager who last talked with the caller. */
export type RouteTarget =
  | { readonly kind: 'responsible' }
  | { readonly kind: 'last' }
  | { readonly kind: 'manager'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'queue'; readonly id: string }
  | { readonly kind: 'default' };

/** A rule applies if all its conditions hold. Absent conditions always hold. */
export interface RoutingRule {
  readonly name: string;
  readonly when: {
    /** Line ids or DIDs. */
    readonly lines?: readonly string[];
    readonly segments?: readonly string[];
    readonly match?: readonly MatchOutcome[];
    /** Name of working hours that must be open, or with a leading `!`, closed. */
    readonly hours?: string;
  };
  readonly to: RouteTarget;
}

/** Who may have to return a missed call: the client's manager, who was rung last, or the head of the group that was called. */
export type MissOwner = 'client' | 'last' | 'head';

/** When and to whom a missed call is passed on. */
export interface Escalation {
  /** Working minutes after the task was due. */
  readonly after: number;
  /** A manager's id, or null for the head of the group. */
  readonly to: string | null;
}

export interface Group {
  readonly id: string;
  /** The manager who heads the group; absent: nobody. */
  readonly head?: string;
  /** Manager ids. */
  readonly members: readonly string[];
  /** `all` rings every member who can be reached, `rotate` the one whose turn it is, `order` the first one. */
  readonly strategy: 'all' | 'rotate' | 'order';
  /** The PBX's queue that takes over if nobody in the group can be reached. */
  readonly queue: string | null;
}

/** Working hours in a time zone; minutes of the day, `to` exclusive. */
export interface WorkingHours {
  readonly timezone: string;
  /** By weekday, Monday first (index 0–6). */
  readonly week: readonly (readonly { readonly from: number; readonly to: number }[])[];
  /** Local dates `YYYY-MM-DD` that are closed. */
  readonly holidays: readonly string[];
  /** Local dates that are open despite their weekday or a holiday, with the hours of Monday. */
  readonly workdays: readonly string[];
}

/** A request for a routing decision, made while the caller waits. */
export interface RouteQuestion {
  readonly connection: string | null;
  /** The caller's number as received; empty if withheld. */
  readonly phone: string;
  /** The DID, or a line's id. */
  readonly line: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Manager ids or extensions that were already rung for this call and did not answer. */
  readonly tried: readonly string[];
  /** The key of the call, if the PBX sent it, so that the decision can be stored with the interaction. */
  readonly call: EventKey | null;
}

/** A telephone that routing chose for an outbound call. */
export interface ChosenCaller {
  readonly connection: string;
  readonly manager: Named;
  readonly extension: string;
  /** Stores the decision with the resulting call. */
  keep(call: EventKey): Promise<void>;
}

/** A routing decision with its trace. */
export interface RouteAnswer {
  readonly decision: RouteDecision;
  /** Managers to ring, in order; empty for `queue` and `default`. */
  readonly managers: readonly { readonly manager: Named; readonly extension: string }[];
  readonly queue: string | null;
  /** Seconds to ring. */
  readonly timeout: number;
  readonly client: Named | null;
  readonly responsible: Named | null;
  readonly trace: readonly TraceStep[];
  /** The turn taken in a rotating group, to be committed afterwards. */
  readonly turn: { readonly group: string; readonly manager: string } | null;
}
