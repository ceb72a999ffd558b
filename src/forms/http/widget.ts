import { readFileSync } from 'node:fs';
import type { ApiDeps } from '../../api/deps.ts';
import type { Line } from '../../domain/directory/manager.ts';
import type { FormSettings } from '../../domain/written/form-settings.ts';
import { FormRefusal } from './refusal.ts';

/** Seconds for which browsers cache the script. Short, so that changed settings take effect soon. */
export const widgetAge = 300;

/** Serves the script for forms on other sites, with the settings of the form inserted. */
export class Widget {
  readonly #deps: ApiDeps;
  #source: string | null = null;

  constructor(deps: ApiDeps) {
    this.#deps = deps;
  }

  /** Returns the script of a form. Throws if it has not been built. */
  script(settings: FormSettings, pool: Line['pool'] | null): string {
    const { widgetFile, language } = this.#deps.settings;
    if (widgetFile === undefined || widgetFile === null)
      throw new FormRefusal('unavailable', 'unavailable', 'the script is not built; run: npm run build');
    this.#source ??= readFileSync(widgetFile, 'utf8');
    const { honeypot: trap, consent } = settings;
    const inserted = { language, trap, consent, hold: pool?.hold ?? null };
    // A function, because `$&` and the like are special in a replacement string.
    return this.#source.replace('__PATCHBAY__', () => JSON.stringify(inserted));
  }
}
