import { reason } from '../../../domain/reasons/reasons.ts';
import type { HttpClient } from '../../../runtime/http/client.ts';
import { type Fields, fields, number } from '../../../runtime/http/fields.ts';
import { requestJson } from '../../../runtime/http/json.ts';
import { asServiceError, ServiceError, withoutUncertainty } from '../../../runtime/http/service-error.ts';
import type { Slots } from '../../../runtime/slots.ts';
import type { Urgency } from '../../shared/budget.ts';
import type { Authority, Opened } from './authority.ts';
import { portalError, service, tokenRefused } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Answer, CallOptions, Command, Parameters, Portal } from './portal.ts';
import { queryOf } from './query.ts';

/** The most commands of a batch. */
const maxCommands = 50;

/** A token may be stale because another instance has renewed it, and that one may have expired since. */
const maxRenewals = 2;

/** Follows how calls end. `method` is `batch` for a batch as a whole; its commands are reported one by one. */
export type Observe = (method: string, error: ServiceError | null) => void;

/** Dependencies of the client. */
export interface ClientParts {
  readonly http: HttpClient;
  readonly authority: Authority;
  /** None by default. */
  readonly limits?: Limits;
  /** How many requests may be under way at once, by urgency; any number by default. */
  readonly slots?: Readonly<Partial<Record<Urgency, Slots>>>;
  readonly observe?: Observe;
}

/** Calls a portal over HTTP, within its limits. */
export class PortalClient implements Portal {
  readonly #parts: ClientParts;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  async call(method: string, parameters: Parameters, options: CallOptions): Promise<Answer> {
    const answer = await this.#request(method, [method], parameters, options);
    this.#parts.limits?.note(method, fields(answer.time));
    return answerOf(answer);
  }

  async batch<Name extends string>(
    commands: Readonly<Record<Name, Command>>,
    options: CallOptions & { readonly halt?: boolean },
  ): Promise<Readonly<Record<Name, Answer | Error>>> {
    const names = Object.keys(commands) as Name[];
    if (names.length > maxCommands) throw new Error(`expected at most ${maxCommands} commands, got ${names.length}`);
    const cmd = Object.fromEntries(
      names.map((name) => [name, `${commands[name].method}?${queryOf(commands[name].parameters)}`]),
    );
    const methods = names.map((name) => commands[name].method);
    const { result } = await this.#request('batch', methods, { halt: options.halt === true ? 1 : 0, cmd }, options);
    const parts = fields(result);
    const [results, errors, times] = [fields(parts.result), fields(parts.result_error), fields(parts.result_time)];
    const [totals, nexts] = [fields(parts.result_total), fields(parts.result_next)];
    // A halted batch has not begun the rest; otherwise a command without an answer may have been carried out.
    const unanswered = options.halt === true && Object.keys(errors).length > 0 ? 'later' : 'unknown';
    const answers = names.map((name): [Name, Answer | Error] => {
      const { method } = commands[name];
      // A command's own error has no HTTP status; the one that refuses it for good is assumed.
      const error = name in errors ? portalError(fields(errors[name]), 400, null) : null;
      if (error !== null) {
        this.#parts.limits?.refused(method, error);
        this.#parts.observe?.(method, error);
        return [name, error];
      }
      if (!(name in results)) return [name, new ServiceError(unanswered, reason('answerUnclear', { service }))];
      this.#parts.observe?.(method, null);
      this.#parts.limits?.note(method, fields(times[name]));
      return [name, { result: results[name], next: number(nexts[name]), total: number(totals[name]) }];
    });
    return Object.fromEntries(answers) as Record<Name, Answer | Error>;
  }

  /** Makes a request with the authority's token, which is renewed if the portal does not accept it. */
  async #request(
    method: string,
    methods: readonly string[],
    parameters: Parameters,
    options: CallOptions,
  ): Promise<Fields> {
    const { observe } = this.#parts;
    try {
      const answer = await this.#authorised(method, methods, parameters, options);
      observe?.(method, null);
      return answer;
    } catch (error) {
      observe?.(method, asServiceError(error));
      throw error;
    }
  }

  async #authorised(
    method: string,
    methods: readonly string[],
    parameters: Parameters,
    options: CallOptions,
  ): Promise<Fields> {
    const { authority } = this.#parts;
    for (let attempt = 0; ; attempt += 1) {
      const opened = await withoutUncertainty(authority.open(method));
      try {
        const post = () => this.#post(opened, method, methods, parameters, options);
        const slots = this.#parts.slots?.[options.urgency ?? 'usual'];
        return await (slots === undefined ? post() : slots.run(post));
      } catch (error) {
        const refusal = asServiceError(error);
        if (!tokenRefused.has(refusal.code) || attempt === maxRenewals) throw error;
        if (!(await withoutUncertainty(authority.renew(opened, refusal)))) throw error;
      }
    }
  }

  async #post(
    { url, parameters: authorisation }: Opened,
    method: string,
    methods: readonly string[],
    parameters: Parameters,
    options: CallOptions,
  ): Promise<Fields> {
    const { http, limits } = this.#parts;
    const { signal, timeout, urgency = 'usual' } = options;
    const limited = timeout === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    const landed = await limits?.admit(methods, urgency, limited);
    const request = {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ ...parameters, ...authorisation }),
      signal,
      ...(timeout !== undefined && { timeout }),
    } as const;
    try {
      return await requestJson(http, service, request, portalError);
    } catch (error) {
      await limits?.refused(method, asServiceError(error));
      throw error;
    } finally {
      landed?.();
    }
  }
}

function answerOf(answer: Fields): Answer {
  if (!('result' in answer)) throw new ServiceError('unknown', reason('answerUnclear', { service }));
  return { result: answer.result, next: number(answer.next), total: number(answer.total) };
}
