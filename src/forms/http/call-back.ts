import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { ApiDeps } from '../../api/deps.ts';
import { entryOf } from '../../domain/base/entry-of.ts';
import type { InteractionId } from '../../domain/base/ids.ts';
import { isOrdinaryNumber } from '../../domain/directory/identifiers.ts';
import type { Manager } from '../../domain/directory/manager.ts';
import { countryOf } from '../../domain/directory/number-region.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { telephoneOf } from '../../domain/outbound/telephone.ts';
import type { RoutingPlan } from '../../domain/routing/routing.ts';
import type { CallBackSettings } from '../../domain/written/form-settings.ts';
import { afterWorkingMinutes } from '../../router/working-hours.ts';
import { clientKey, isLoopback } from '../../runtime/networks.ts';
import { Attempts } from './attempts.ts';
import type { OpenForm } from './gate.ts';
import type { CallBackSchema } from './schemas.ts';

/** The answer to a visitor who requested a call. */
export type CallBackAnswer = Static<typeof CallBackSchema>;

const words = {
  ru: {
    calling: 'Сейчас вам позвоним. Если не получится сразу, перезвоним до {by}.',
    later: 'Спасибо! Сейчас ответить некому, перезвоним до {by}.',
  },
  en: {
    calling: 'We are calling you now. If we can’t reach you, we will call back by {by}.',
    later: 'Thank you! Nobody can call right now, but we will call you back by {by}.',
  },
} as const;

/** A request that took longer to reach us (milliseconds) no longer starts a call at once. */
const maxDelay = 60_000;

/** Handles visitors' requests for a call: starts the call at once, or promises one for later. */
export class CallBackDesk {
  readonly #deps: ApiDeps;
  readonly #limits = new Map<string, Attempts>();

  constructor(deps: ApiDeps) {
    this.#deps = deps;
  }

  /** Starts a call with a manager, or leaves the request to its task. Tells the visitor which of both, and by when to expect a call. */
  async answer(
    request: FastifyRequest,
    { line, settings: { callBack }, trusted }: OpenForm,
    wish: { readonly id: InteractionId; readonly language: 'ru' | 'en'; readonly waited: number },
  ): Promise<CallBackAnswer | null> {
    if (callBack === null) return null;
    const { store, log, clock } = this.#deps;
    try {
      const form = await store.read.under(null).interaction(wish.id);
      if (form === null || form.party.phone === null) return null;
      const by = await this.#promise(form);
      const address = trusted ? null : request.ip;
      const allowed = wish.waited <= maxDelay && this.#isAllowed(form.party.phone, line.id, address, callBack);
      const caller = allowed ? await this.#deps.callBacks.begin(form) : null;
      return this.#answer(caller === null ? 'later' : 'calling', by, wish.language);
    } catch (error) {
      // The form has been stored already, so a failed call must not fail the request.
      log.error({ err: error, line: line.id }, 'a call-back could not be started; its task remains');
      const { plan } = this.#deps;
      return this.#answer('later', clock.now() + plan().within.callBack * 60_000, wish.language);
    }
  }

  /** Prevents abuse, such as calls to many strangers or to premium-rate numbers. */
  #isAllowed(phone: string, line: string, address: string | null, settings: CallBackSettings): boolean {
    const countries = settings.countries.length === 0 ? [countryOf(this.#deps.settings.country)] : settings.countries;
    if (!isOrdinaryNumber(phone, countries)) return false;
    const { perNumber, perAddress, perForm } = settings;
    const local = address === null || isLoopback(address);
    return (
      this.#take(`number ${phone}`, perNumber) &&
      (local || this.#take(`address ${line} ${clientKey(address)}`, perAddress)) &&
      this.#take(`form ${line}`, perForm)
    );
  }

  #take(key: string, limit: number): boolean {
    const name = `${key.split(' ', 1)[0]} ${limit}`;
    const attempts = this.#limits.get(name) ?? new Attempts(limit, this.#deps.elapsed);
    this.#limits.set(name, attempts);
    return attempts.take(key) === 0;
  }

  /** When a manager will have called at the latest, according to working hours. The form's task becomes due at the same moment. */
  async #promise(form: Interaction): Promise<number> {
    const { store, staff, plan, clock, intake } = this.#deps;
    const task = await store.read.under(null).task(form.id);
    const { managers } = staff();
    const owner = managers.filter(({ id }) => id === task?.manager?.id);
    const able = managers.filter((one) => telephoneOf(one, this.#deps.sending()) !== null);
    const now = clock.now();
    const by = promisedBy(owner, plan(), now) ?? promisedBy(able, plan(), now) ?? now + plan().within.callBack * 60_000;
    if (task?.state === 'open') {
      const due = { ...task, dueAt: new Date(by).toISOString(), revision: task.revision + 1 };
      await intake.apply([{ op: 'put-task', task: due }]);
    }
    return by;
  }

  #answer(state: CallBackAnswer['state'], by: number, language: 'ru' | 'en'): CallBackAnswer {
    const { timezone } = this.#deps.settings;
    const text = words[language][state].replace('{by}', () => timeText(by, this.#deps.clock.now(), language, timezone));
    return { state, by: new Date(by).toISOString(), text };
  }
}

/** The earliest moment by which one of these managers will have had time to call, considering hours and absences. Null if none will. */
export function promisedBy(managers: readonly Manager[], { hours, within }: RoutingPlan, now: number): number | null {
  const moments = managers.flatMap((manager) => {
    const worked = entryOf(hours, manager.hours) ?? null;
    const by = afterWorkingMinutes(worked, now, within.callBack);
    return manager.absences.some(({ from, to }) => from <= by && now < to) ? [] : [by];
  });
  return moments.length === 0 ? null : Math.min(...moments);
}

/** A moment in the company's time zone, with the name of the zone, as the visitor may be in another one. */
function timeText(at: number, now: number, language: 'ru' | 'en', timeZone: string): string {
  const day = (moment: number) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(moment);
  const date = day(at) === day(now) ? {} : ({ weekday: 'long', day: 'numeric', month: 'long' } as const);
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat(language, { timeZone, ...date, ...time }).format(at);
}
