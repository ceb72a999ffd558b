import { readFileSync } from 'node:fs';
import type { ApiDeps } from '../../api/deps.ts';
import type { Line } from '../../domain/directory/manager.ts';
import type { FormSettings } from '../../domain/written/form-settings.ts';
import { FormRefusal } from './refusal.ts';

/** Seconds that browsers keep the script: a change of the settings is seen soon. */
export const widgetAge = 300;

/** The script for forms of other sites, with what a visitor's browser needs to know of a form put in. */
export class Widget {
  readonly #deps: ApiDeps;
  #source: string | null = null;

  constructor(deps: ApiDeps) {
    this.#deps = deps;
  }

  /** The script of a form; throws while it is not built. */
  script(settings: FormSettings, pool: Line['pool'] | null): string {
    const { widgetFile, language } = this.#deps.settings;
    if (widgetFile === undefined || widgetFile === null)
      throw new FormRefusal('unavailable', 'unavailable', 'the script is not built; run: npm run build');
    this.#source ??= readFileSync(widgetFile, 'utf8');
    const { honeypot: trap, consent } = settings;
    const told = { language, trap, consent, hold: pool?.hold ?? null };
    // A function, for in a text of people a `$&` would mean something.
    return this.#source.replace('__PATCHBAY__', () => JSON.stringify(told));
  }
}
