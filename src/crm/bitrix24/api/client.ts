import { reason } from '../../../domain/reasons/reasons.ts';
import type { HttpClient } from '../../../runtime/http/client.ts';
import { type Fields, fields, number } from '../../../runtime/http/fields.ts';
import { requestJson } from '../../../runtime/http/json.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Authority, Opened } from './authority.ts';
import { expiredToken, portalError, service } from './errors.ts';
import type { Answer, CallOptions, Command, Parameters, Portal } from './portal.ts';
import { queryOf } from './query.ts';

/** The most commands of a batch. */
const maxCommands = 50;

/** Calls a portal over HTTP. */
export class PortalClient implements Portal {
  readonly #http: HttpClient;
  readonly #authority: Authority;

  constructor(http: HttpClient, authority: Authority) {
    this.#http = http;
    this.#authority = authority;
  }

  async call(method: string, parameters: Parameters, options: CallOptions): Promise<Answer> {
    const opened = await this.#authority.open(method);
    try {
      return answerOf(await this.#post(opened, parameters, options));
    } catch (error) {
      const isExpired = error instanceof ServiceError && error.code === expiredToken;
      if (!isExpired || !(await this.#authority.renew(opened))) throw error;
      return answerOf(await this.#post(await this.#authority.open(method), parameters, options));
    }
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
    const { result } = await this.call('batch', { halt: options.halt === true ? 1 : 0, cmd }, options);
    const parts = fields(result);
    const [results, errors] = [fields(parts.result), fields(parts.result_error)];
    const [totals, nexts] = [fields(parts.result_total), fields(parts.result_next)];
    // A halted batch has not begun the rest; otherwise a command without an answer may have been carried out.
    const unanswered = options.halt === true && Object.keys(errors).length > 0 ? 'later' : 'unknown';
    const answers = names.map((name): [Name, Answer | Error] => {
      // A command's own error has no HTTP status; the one that refuses it for good is assumed.
      const error = name in errors ? portalError(fields(errors[name]), 400, null) : null;
      if (error !== null) return [name, error];
      if (!(name in results)) return [name, new ServiceError(unanswered, reason('answerUnclear', { service }))];
      return [name, { result: results[name], next: number(nexts[name]), total: number(totals[name]) }];
    });
    return Object.fromEntries(answers) as Record<Name, Answer | Error>;
  }

  #post({ url, parameters: authorisation }: Opened, parameters: Parameters, options: CallOptions): Promise<Fields> {
    const { signal, timeout } = options;
    const request = {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ ...parameters, ...authorisation }),
      signal,
      ...(timeout !== undefined && { timeout }),
    } as const;
    return requestJson(this.#http, service, request, portalError);
  }
}

function answerOf(answer: Fields): Answer {
  if (!('result' in answer)) throw new ServiceError('unknown', reason('answerUnclear', { service }));
  return { result: answer.result, next: number(answer.next), total: number(answer.total) };
}
