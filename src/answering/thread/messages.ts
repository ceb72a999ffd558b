import type { NumberRule } from '../../connectors/asterisk/numbers/schema.ts';
import type { NameCharset } from '../../connectors/asterisk/text/readable.ts';
import type { DeviceReport } from '../../domain/call/device.ts';
import type { Staff } from '../../domain/directory/manager.ts';
import type { RouteAnswer, RouteQuestion, RoutingPlan } from '../../domain/routing/routing.ts';

/** A FastAGI port that the thread listens on. Each connection has its own, so that unique ids of two PBXs can't be confused. */
export interface AgiListener {
  readonly connection: string;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Template of a dial string, such as "PJSIP/{extension}". */
  readonly dial: string;
  /** Charset of values that are not UTF-8. */
  readonly charset: NameCharset;
  /** What the PBX's digits mean. */
  readonly numbers: readonly NumberRule[];
  /** Allowed peers: addresses, networks and host names. */
  readonly allow: readonly string[];
  readonly maxConnections: number;
}

/** The part of the configuration that a SIGHUP replaces. */
export interface AnsweringPlan {
  readonly plan: RoutingPlan;
  readonly staff: Staff;
}

/** Data that the thread starts with. */
export interface ThreadStart extends AnsweringPlan {
  /** The SQLite file of the client directory. */
  readonly database: string;
  readonly country: string;
  /** Directory sources in order of precedence. */
  readonly sources?: readonly string[];
  /** Pino level of the thread's own log. */
  readonly logLevel: string;
  readonly listeners: readonly AgiListener[];
  readonly devices: readonly DeviceReport[];
  readonly turns: Readonly<Record<string, string>>;
}

/** Messages from the main thread to the answering thread. */
export type ToThread =
  | ({ readonly type: 'plan' } & AnsweringPlan)
  | { readonly type: 'devices'; readonly reports: readonly DeviceReport[] }
  | { readonly type: 'turns'; readonly turns: Readonly<Record<string, string>> }
  /** The main thread has received this many decisions, so the thread may send as many more. */
  | { readonly type: 'taken'; readonly count: number }
  | { readonly type: 'stop' };

/** A question with its answer. */
export interface Asked {
  readonly question: RouteQuestion;
  readonly answer: RouteAnswer;
}

/** Messages from the answering thread to the main thread. */
export type FromThread =
  | { readonly type: 'listening'; readonly ports: Readonly<Record<string, number>> }
  | { readonly type: 'asked'; readonly asked: readonly Asked[] }
  | { readonly type: 'metrics'; readonly metrics: AnsweringMetrics }
  /** An error occurred and the caller got the default answer. Sent at most once a second. */
  | { readonly type: 'trouble'; readonly message: string };

/** Metrics of the thread since its start. */
export interface AnsweringMetrics extends AnswerNumbers {
  /** FastAGI sockets: `connections` are those open now, the other figures count since the start. */
  readonly agi: {
    readonly connections: number;
    readonly sessions: number;
    readonly refused: number;
    readonly evicted: number;
    readonly denied: number;
  };
}

/** Metrics of the answers. */
export interface AnswerNumbers {
  readonly asked: number;
  readonly decisions: Readonly<Record<RouteAnswer['decision'], number>>;
  /** Got the default answer because of an error. */
  readonly failed: number;
  /** Got the default answer because the deadline had passed. */
  readonly late: number;
  /** Decisions not reported to the main thread because it was too far behind. */
  readonly dropped: number;
  /** Histogram of answer times in milliseconds. Counts are not cumulative; the last bucket has no upper bound. */
  readonly latency: readonly { readonly upTo: number; readonly count: number }[];
  /** When the main thread last sent a message (milliseconds since the epoch). Plan and device states can be this old. */
  readonly heardAt: number;
}
