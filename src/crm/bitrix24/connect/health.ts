import type { Reason } from '../../../domain/base/reason.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { ServiceError } from '../../../runtime/http/service-error.ts';
import type { CoreContext } from '../../contract.ts';
import { service } from '../api/errors.ts';

/** Codes that concern one method: the others may work. */
const ofMethod: ReadonlySet<string | null> = new Set([
  'ACCESS_DENIED',
  'INVALID_CREDENTIALS',
  'insufficient_scope',
  'user_access_error',
  'WRONG_AUTH_TYPE',
  'ERROR_METHOD_NOT_FOUND',
]);

/** Longest list of denied methods in a state. */
const maxNamed = 5;

/** Derives the core's state from how calls of the portal end. */
export class PortalHealth {
  readonly #context: Pick<CoreContext, 'reportState'>;
  readonly #denied = new Map<string, ServiceError>();
  /** What a person should put right although the portal answers. */
  #trouble: Reason | null = null;
  /** Whether the portal has answered since it last refused us altogether. */
  #works = false;

  constructor(context: Pick<CoreContext, 'reportState'>) {
    this.#context = context;
  }

  /** Notes how a call ended. A call that asks to wait says nothing about the connection. */
  note(method: string, error: ServiceError | null): void {
    if (error?.trouble === 'later') return;
    if (error === null || error.trouble === 'refused') {
      this.#works = true;
      this.#denied.delete(method);
      return this.#report();
    }
    if (ofMethod.has(error.code)) {
      this.#denied.set(method, error);
      return this.#report();
    }
    if (error.trouble === 'access') this.#works = false;
    this.#context.reportState(error.trouble === 'access' ? 'failed' : 'degraded', error.reason);
  }

  /** Sets what a person should put right although the portal answers; null: nothing. */
  setTrouble(trouble: Reason | null): void {
    this.#trouble = trouble;
    if (this.#works) this.#report();
  }

  #report(): void {
    const [first] = this.#denied.values();
    if (first === undefined)
      return this.#context.reportState(this.#trouble === null ? 'ready' : 'degraded', this.#trouble);
    const methods = [...this.#denied.keys()].toSorted().slice(0, maxNamed);
    const { said } = first.reason.values;
    const why = reason('methodsDenied', { service, methods, said: typeof said === 'string' ? said : null });
    this.#context.reportState(this.#works ? 'degraded' : 'failed', why);
  }
}
