import type { Urgency } from '../../shared/budget.ts';

/** Parameters of a method, sent as JSON. Undefined ones are left out. */
export type Parameters = Readonly<Record<string, unknown>>;

/** How a call is made. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** Time limit of the request in milliseconds; by default the configured one. */
  readonly timeout?: number;
  /**
   * What the call is for. `live` goes before `usual`, which goes before `background`: a call that rings is not kept
   * waiting by a backlog or by the reading of the directory. `usual` by default.
   */
  readonly urgency?: Urgency;
}

/** The answer of a method. */
export interface Answer {
  readonly result: unknown;
  /** Where the next page of a list begins, or null. */
  readonly next: number | null;
  /** The number of rows of a list, or null. */
  readonly total: number | null;
}

/** One command of a batch. */
export interface Command {
  readonly method: string;
  /** A value may name an earlier command's result: `$result[name][FIELD]`. */
  readonly parameters: Parameters;
}

/** Calls methods of a portal's REST API (https://apidocs.bitrix24.com). */
export interface Portal {
  /** Rejects with a ServiceError, whose `code` is the portal's `error`. */
  call(method: string, parameters: Parameters, options: CallOptions): Promise<Answer>;
  /**
   * Carries out up to 50 commands in one request. A command that fails has a ServiceError as its answer; the portal
   * skips those after it only if `halt` is set. Rejects if the whole request failed.
   */
  batch<Name extends string>(
    commands: Readonly<Record<Name, Command>>,
    options: CallOptions & { readonly halt?: boolean },
  ): Promise<Readonly<Record<Name, Answer | Error>>>;
}
