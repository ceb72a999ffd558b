import type { QueueLeft } from './call-result.ts';

/** A caller who waits in a queue of the PBX. Times are milliseconds since the epoch. */
export interface WaitingCaller {
  /** The PBX's id of the caller's channel. */
  readonly id: string;
  /** 1 is the next. */
  readonly position: number;
  readonly since: number;
}

/** An agent of a queue. */
export interface QueueAgent {
  /** The extension, or the name that the PBX gives to an agent without one. */
  readonly agent: string;
  readonly isPaused: boolean;
  /** Why, as the agent or the PBX said. */
  readonly pausedFor: string | null;
}

/** A queue of a PBX now. */
export interface QueueState {
  readonly connection: string;
  readonly queue: string;
  /** In the order of their positions. */
  readonly callers: readonly WaitingCaller[];
  readonly agents: readonly QueueAgent[];
}

/** Something that happened in a queue, for statistics. */
export interface QueueEvent {
  readonly connection: string;
  readonly queue: string;
  readonly what: 'joined' | QueueLeft;
}
