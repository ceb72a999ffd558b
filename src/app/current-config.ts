import type { QuietCalendar } from '../alarms/quiet-lines.ts';
import type { Config } from '../config/config.ts';
import type { Staff } from '../domain/directory/manager.ts';

/** The configuration as it is now: managers, lines, forms, routing and access may change while the program runs, the rest stays. */
export class CurrentConfig {
  #now: Config;

  constructor(config: Config) {
    this.#now = config;
  }

  /** The whole configuration. */
  get now(): Config {
    return this.#now;
  }

  /** Managers and lines. */
  get staff(): Staff {
    return { managers: this.#now.managers, lines: this.#now.lines };
  }

  /** The company's zone and its holidays. */
  get calendar(): QuietCalendar {
    const { company, routing } = this.#now;
    return {
      timezone: company.timezone,
      holidays: Object.values(routing.hours).flatMap((hours) => hours.holidays),
    };
  }

  /** Takes up the parts of a changed configuration that may change; answers the whole. */
  replace({ managers, lines, forms, routing, access }: Config): Config {
    this.#now = { ...this.#now, managers, lines, forms, routing, access };
    return this.#now;
  }
}
