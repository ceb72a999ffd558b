import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { Attempts } from '../../api/attempts.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { telephoneOf } from '../../api/telephone.ts';
import { entryOf } from '../../domain/base/entry-of.ts';
import type { InteractionId } from '../../domain/base/ids.ts';
import { isOrdinaryNumber } from '../../domain/directory/identifiers.ts';
import type { Manager } from '../../domain/directory/manager.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { RoutingPlan } from '../../domain/routing/routing.ts';
import type { CallBackSettings } from '../../domain/written/form-settings.ts';
import { afterWorkingMinutes } from '../../router/working-hours.ts';
import { clientKey, isLoopback } from '../../runtime/networks.ts';
import type { OpenForm } from './gate.ts';
import type { CallBackSchema } from './schemas.ts';

/** What the visitor is told of the call that he asked for. */
export type CallBackAnswer = Static<typeof CallBackSchema>;

const words = {
  ru: {
    calling: 'Сейчас вам позвоним. Если не получится сразу, перезвоним до {by}.',
    later: 'Спасибо! Сейчас ответить некому, перезвоним до {by}.',
  },
  en: {
    calling: 'We are calling you now. If that fails, we call back by {by}.',
    later: 'Thank you! Nobody can call right now, we call back by {by}.',
  },
} as const;

/** A wish that was under way longer is no wish to be called at once any more, in milliseconds. */
const fresh = 60_000;

/** The calls that visitors ask for: which are rung at once, and what is promised where none is. */
export class CallBackDesk {
  readonly #deps: ApiDeps;
  readonly #limits = new Map<string, Attempts>();

  constructor(deps: ApiDeps) {
    this.#deps = deps;
  }

  /** Has the telephone of one of ours rung for a form, or leaves it to its task; tells the visitor what is true. */
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
      const may = wish.waited <= fresh && this.#may(form.party.phone, line.id, address, callBack);
      const caller = may ? await this.#deps.callBacks.begin(form) : null;
      return this.#told(caller === null ? 'later' : 'calling', by, wish.language);
    } catch (error) {
      // The form is kept, whatever becomes of its call.
      log.error({ err: error, line: line.id }, 'a call back could not be begun: its task stands');
      const { plan } = this.#deps;
      return this.#told('later', clock.now() + plan().within.callBack * 60_000, wish.language);
    }
  }

  /** Nobody shall be able to have us call strangers by night, or numbers that cost. */
  #may(phone: string, line: string, address: string | null, settings: CallBackSettings): boolean {
    const countries = settings.countries.length === 0 ? [this.#deps.settings.country] : settings.countries;
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
    const attempts = this.#limits.get(name) ?? new Attempts(limit, this.#deps.clock);
    this.#limits.set(name, attempts);
    return attempts.take(key) === 0;
  }

  /** When somebody will have called at the latest, by the working hours; the form's task then falls due at this very moment. */
  async #promise(form: Interaction): Promise<number> {
    const { store, staff, plan, clock, intake } = this.#deps;
    const task = await store.read.under(null).task(form.id);
    const { managers } = staff();
    const owner = managers.filter(({ id }) => id === task?.manager?.id);
    const able = managers.filter((one) => telephoneOf(one, this.#deps) !== null);
    const now = clock.now();
    const by = promisedBy(owner, plan(), now) ?? promisedBy(able, plan(), now) ?? now + plan().within.callBack * 60_000;
    if (task?.state === 'open') {
      const due = { ...task, dueAt: new Date(by).toISOString(), revision: task.revision + 1 };
      await intake.apply([{ op: 'put-task', task: due }]);
    }
    return by;
  }

  #told(state: CallBackAnswer['state'], by: number, language: 'ru' | 'en'): CallBackAnswer {
    const { timezone } = this.#deps.settings;
    const text = words[language][state].replace('{by}', () => timeText(by, this.#deps.clock.now(), language, timezone));
    return { state, by: new Date(by).toISOString(), text };
  }
}

/** The first moment by which one of these managers, at work and not absent, has had the time to call; null where none will be. */
export function promisedBy(managers: readonly Manager[], { hours, within }: RoutingPlan, now: number): number | null {
  const moments = managers.flatMap((manager) => {
    const worked = entryOf(hours, manager.hours) ?? null;
    const by = afterWorkingMinutes(worked, now, within.callBack);
    return manager.absences.some(({ from, to }) => from <= by && now < to) ? [] : [by];
  });
  return moments.length === 0 ? null : Math.min(...moments);
}

/** The moment on the company's clock, with the zone's name: the visitor may be elsewhere. */
function timeText(at: number, now: number, language: 'ru' | 'en', timeZone: string): string {
  const day = (moment: number) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(moment);
  const date = day(at) === day(now) ? {} : ({ weekday: 'long', day: 'numeric', month: 'long' } as const);
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat(language, { timeZone, ...date, ...time }).format(at);
}
