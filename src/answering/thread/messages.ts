import type { DeviceReport } from '../../domain/call/device.ts';
import type { Staff } from '../../domain/directory/manager.ts';
import type { RouteAnswer, RouteQuestion, RoutingPlan } from '../../domain/routing/routing.ts';

/** A FastAGI socket the thread listens on; each belongs to one connection, so that uniqueids can't be mixed up. */
export interface AgiListener {
  readonly connection: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** How an extension is dialled: "PJSIP/{extension}". */
  readonly dial: string;
  /** Who may ask: addresses, networks, host names. */
  readonly allow: readonly string[];
  readonly maxConnections: number;
}

/** The part of the configuration that a SIGHUP replaces. */
export interface AnsweringPlan {
  readonly plan: RoutingPlan;
  readonly staff: Staff;
}

/** What the thread begins with. */
export interface ThreadStart extends AnsweringPlan {
  /** The SQLite file of the client directory. */
  readonly database: string;
  readonly country: string;
  /** Directory sources, by precedence where they disagree. */
  readonly sources?: readonly string[];
  /** What the thread's own log tells, as pino's levels are named. */
  readonly logLevel: string;
  readonly listeners: readonly AgiListener[];
  readonly devices: readonly DeviceReport[];
  readonly turns: Readonly<Record<string, string>>;
}

/** What the main thread tells the answering thread. */
export type ToThread =
  | ({ readonly type: 'plan' } & AnsweringPlan)
  | { readonly type: 'devices'; readonly reports: readonly DeviceReport[] }
  | { readonly type: 'turns'; readonly turns: Readonly<Record<string, string>> }
  /** So many decisions were taken in; the thread may send as many more. */
  | { readonly type: 'taken'; readonly count: number }
  | { readonly type: 'stop' };

/** A question with its answer. */
export interface Asked {
  readonly question: RouteQuestion;
  readonly answer: RouteAnswer;
}

/** What the answering thread tells the main thread. */
export type FromThread =
  | { readonly type: 'listening'; readonly ports: Readonly<Record<string, number>> }
  | { readonly type: 'asked'; readonly asked: readonly Asked[] }
  | { readonly type: 'metrics'; readonly metrics: AnsweringMetrics }
  /** Something went wrong and was answered with the default; at most one a second is told. */
  | { readonly type: 'trouble'; readonly message: string };

/** Numbers of the thread since it was started. */
export interface AnsweringMetrics extends AnswerNumbers {
  /** The FastAGI sockets: connections now, the others since the start. */
  readonly agi: {
    readonly connections: number;
    readonly sessions: number;
    readonly refused: number;
    readonly evicted: number;
    readonly denied: number;
  };
}

/** What the answers count. */
export interface AnswerNumbers {
  readonly asked: number;
  readonly decisions: Readonly<Record<RouteAnswer['decision'], number>>;
  /** Answered with the default because something broke. */
  readonly failed: number;
  /** Answered with the default because the deadline had passed. */
  readonly late: number;
  /** Decisions the main thread was not told of because it had fallen too far behind. */
  readonly dropped: number;
  /** Upper bounds in milliseconds with how many answers took at most so long (not cumulated); the last is open. */
  readonly latency: readonly { readonly upTo: number; readonly count: number }[];
  /** When the main thread last told anything (milliseconds since the epoch): how old plan and devices may be. */
  readonly heardAt: number;
}
