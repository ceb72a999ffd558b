/** The public settings of a form. The gateway inserts them when it serves the script. */
export interface WidgetConfig {
  readonly language: 'ru' | 'en';
  /** Name of the hidden field that only bots fill in. */
  readonly trap: string;
  readonly consent: { readonly text: string; readonly version: string | null; readonly required: boolean } | null;
  /** Milliseconds for which a shown number belongs to the visit; null if the form has no numbers. */
  readonly hold: number | null;
}

declare const __PATCHBAY__: WidgetConfig;

/** The settings. `src/forms/http/widget.ts` replaces the placeholder. */
export const config = __PATCHBAY__;
const script = document.currentScript as HTMLScriptElement | null;
/** The form's endpoint: the script's address without its name. */
export const endpoint = (script?.src ?? '').split('/widget.js', 1)[0] ?? '';
/** Language of the texts: the tag's `data-lang`, else the page's, else the gateway's. */
export const language =
  [script?.dataset.lang, document.documentElement.lang.slice(0, 2)].find((one) => one === 'ru' || one === 'en') ??
  config.language;
