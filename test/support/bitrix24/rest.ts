import { isBefore } from '../service-faults.ts';
import type { Authorisation } from './auth.ts';
import { type Outcome, runBatch } from './batch.ts';
import type { PortalCore } from './core.ts';
import { PortalError, systemErrors } from './errors.ts';
import { actingConnector } from './events/event-bus.ts';
import type { FaultKind, Faults } from './faults.ts';
import { type Authority, type Method, Page } from './method.ts';
import { methods } from './methods.ts';
import { Parameters } from './parameters.ts';
import { OperatingTime, RequestBucket } from './rate.ts';
import { type Fields, textOf } from './values.ts';

/** Parameters that every method takes. */
const always = ['auth', 'auth_connector', 'sessid'];

/** An answer of the REST API, and how it goes wrong on the way. */
export interface RestAnswer {
  readonly status: number;
  readonly body: Fields;
  readonly fault: FaultKind | null;
}

/** Everything between the HTTP request and a method: authority, limits, permissions, faults, the envelope. */
export class RestApi {
  readonly #core: PortalCore;
  readonly #auth: Authorisation;
  readonly #faults: Faults;
  readonly #operating: OperatingTime;
  readonly bucket: RequestBucket;

  constructor(core: PortalCore, auth: Authorisation, faults: Faults) {
    this.#core = core;
    this.#auth = auth;
    this.#faults = faults;
    this.bucket = new RequestBucket(core.clock, core.options.rate);
    this.#operating = new OperatingTime(core.clock, core.options.operating);
  }

  /** Answers a request. `hook` is the user and the secret of an inbound webhook's address. */
  async answer(
    method: string,
    given: Fields,
    hook: readonly [user: number, secret: string] | null,
  ): Promise<RestAnswer> {
    const begun = this.#core.clock.now();
    const fault = this.#faults.take(method);
    let inner: FaultKind | null = null;
    try {
      if (fault !== null && isBefore(fault)) return failed(faultError(fault), fault);
      if (!this.bucket.take()) throw systemErrors.tooMany();
      const authority =
        hook === null ? this.#auth.byToken(textOf(given.auth) ?? '') : this.#auth.byWebhook(hook[0], hook[1]);
      if (method.toLowerCase() === 'batch') {
        this.#count('batch');
        const result = await runBatch(given, async (name, parameters) => {
          const own = this.#faults.take(name);
          if (own !== null && isError(own)) return { error: faultError(own) };
          inner ??= own;
          if (own !== null && isBefore(own)) return { error: systemErrors.internal() };
          return this.#command(name, parameters, authority);
        });
        return { status: 200, body: { result, time: this.#time(begun) }, fault: fault ?? inner };
      }
      const outcome = await this.#command(method, given, authority);
      if ('error' in outcome) throw outcome.error;
      const { result, total, next, time } = outcome;
      const counted = { ...(next === null ? {} : { next }), ...(total === null ? {} : { total }) };
      return { status: 200, body: { result, ...counted, time } as Fields, fault };
    } catch (error) {
      if (error instanceof PortalError) return failed(error, fault);
      throw error;
    }
  }

  #count(method: string): void {
    const { counts } = this.#core.state;
    counts.set(method, (counts.get(method) ?? 0) + 1);
  }

  async #command(name: string, given: Fields, authority: Authority): Promise<Outcome> {
    const begun = this.#core.clock.now();
    const method = methods.get(name.toLowerCase());
    try {
      if (method === undefined) throw systemErrors.notFound();
      this.#count(method.name);
      if (!method.scopes.some((scope) => authority.scopes.has(scope))) throw systemErrors.scope();
      if (method.appOnly === true && authority.app === null && this.#refusesWebhook(method))
        throw systemErrors.wrongAuth();
      if (this.#operating.isExhausted(authority.source, method.name)) throw systemErrors.operating();
      const parameters = new Parameters(given, [...method.parameters, ...always], {
        exact: method.exact ?? false,
        complain: (text) => this.#core.state.complaints.push(`${method.name}: ${text}`),
      });
      const connector = textOf(given.auth_connector) ?? '';
      const answer = await actingConnector.run(connector, () =>
        method.run({ core: this.#core, parameters, authority }),
      );
      const operating = this.#operating.spend(authority.source, method.name);
      const time = { ...this.#time(begun), ...operating };
      if (answer instanceof Page) return { result: answer.rows, total: answer.total, next: answer.next, time };
      return { result: answer, total: null, next: null, time };
    } catch (error) {
      if (error instanceof PortalError) return { error };
      // A value that the portal does not expect is the caller's mistake as well.
      this.#core.state.complaints.push(`${name}: the portal failed: ${String(error)}`);
      return { error: systemErrors.internal() };
    }
  }

  #refusesWebhook({ name }: Method): boolean {
    return this.#core.options.webhookCallsRefused !== false || !name.startsWith('telephony.');
  }

  #time(begun: number): Fields {
    const finished = this.#core.clock.now();
    return {
      start: begun / 1000,
      finish: finished / 1000,
      duration: (finished - begun) / 1000,
      processing: (finished - begun) / 1000,
      date_start: this.#core.date(begun),
      date_finish: this.#core.date(finished),
      operating_reset_at: Math.floor(finished / 1000) + 600,
      operating: 0,
    };
  }
}

function failed(error: PortalError, fault: FaultKind | null): RestAnswer {
  return { status: error.status, body: { error: error.code, error_description: error.message }, fault };
}

function isError(kind: FaultKind): boolean {
  return kind in errors || ['500', '502', '503'].includes(kind);
}

const errors: Readonly<Partial<Record<FaultKind, () => PortalError>>> = {
  overload: systemErrors.overload,
  'too-many': systemErrors.tooMany,
  rests: systemErrors.operating,
  expired: systemErrors.expired,
  'no-subscription': () => systemErrors.noSubscription(),
};

function faultError(kind: FaultKind): PortalError {
  return (errors[kind] ?? systemErrors.internal)();
}
