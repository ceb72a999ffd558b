/** What the gateway puts into the script when it is asked for: this form's settings, as far as a visitor may know them. */
export interface WidgetConfig {
  readonly language: 'ru' | 'en';
  /** Name of the field that people don't see. */
  readonly trap: string;
  readonly consent: { readonly text: string; readonly version: string | null; readonly required: boolean } | null;
  /** Milliseconds a shown number is this visit's own; null: the form has no numbers. */
  readonly hold: number | null;
}

declare const __PATCHBAY__: WidgetConfig;

/** The settings, put in place of a word by `src/forms/http/widget.ts`. */
export const config = __PATCHBAY__;
const script = document.currentScript as HTMLScriptElement | null;
/** Where the form is sent: the script's own address without its name. */
export const endpoint = (script?.src ?? '').split('/widget.js', 1)[0] ?? '';
/** Language of what is drawn: the tag's `data-lang`, the page's, the gateway's. */
export const language =
  [script?.dataset.lang, document.documentElement.lang.slice(0, 2)].find((one) => one === 'ru' || one === 'en') ??
  config.language;
