import type { QuietCalendar } from '../alarms/quiet-lines.ts';
import type { Config } from '../config/config.ts';
import type { Staff } from '../domain/directory/manager.ts';
import { missRulesOf } from '../domain/routing/miss-rules.ts';

/** The current configuration. Managers, lines, forms, answers, routing and access can change while the program runs; the rest can't. */
export class CurrentConfig {
  #now: Config;
  #staff: Staff;

  constructor(config: Config) {
    this.#now = config;
    this.#staff = staffOf(config);
  }

  /** The whole configuration. */
  get now(): Config {
    return this.#now;
  }

  /** Managers, lines, and who has to return missed calls. The same object until something changes, so that indexes of it can be kept. */
  get staff(): Staff {
    return this.#staff;
  }

  /** The company's time zone and holidays. */
  get calendar(): QuietCalendar {
    const { company, routing } = this.#now;
    return {
      timezone: company.timezone,
      holidays: Object.values(routing.hours).flatMap((hours) => hours.holidays),
    };
  }

  /** Applies the reloadable parts of a changed configuration, and returns the resulting whole. */
  replace({ managers, lines, forms, answers, routing, access }: Config): Config {
    this.#now = { ...this.#now, managers, lines, forms, answers, routing, access };
    this.#staff = staffOf(this.#now);
    return this.#now;
  }
}

function staffOf({ managers, lines, routing }: Config): Staff {
  return { managers, lines, misses: missRulesOf(routing) };
}
