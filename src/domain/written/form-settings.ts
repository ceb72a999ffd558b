/** Where a form's submissions come from: what their fields are called is known for each, beside what can be guessed. */
export type FormPreset = 'auto' | 'tilda' | 'yandex' | 'cf7' | 'wpforms' | 'bitrix24' | 'bitrix';

/** What a field of a form means to us. */
export type FieldRole = 'name' | 'phone' | 'email' | 'comment';

/** Whose puzzle the visitor solved. */
export type CaptchaKind = 'smartcaptcha' | 'hcaptcha' | 'turnstile';

/** How a visitor's solved puzzle is verified. */
export interface CaptchaSettings {
  readonly kind: CaptchaKind;
  readonly secret: string;
  /** The service's verification URL; its documented one by default. */
  readonly url: string | null;
}

/** Calls that visitors ask for: which are made at once. Limits are within five minutes. */
export interface CallBackSettings {
  /** Countries whose ordinary numbers are called; empty: the company's own. */
  readonly countries: readonly string[];
  readonly perNumber: number;
  readonly perAddress: number;
  readonly perForm: number;
}

/** How one form (a line of the channel `form`) is taken; the defaults suit any form of any site. */
export interface FormSettings {
  readonly preset: FormPreset;
  /** The names of this form's own fields, where they can't be guessed; `hide` are those that nobody should read. */
  readonly fields: Readonly<Record<FieldRole | 'hide', readonly string[]>>;
  /** What services must bring; null: everybody may submit. Browsers of the listed origins need none. */
  readonly token: string | null;
  /** Origins whose pages may submit; empty: any. */
  readonly origins: readonly string[];
  /** Submissions per address within five minutes; 0: no limit. */
  readonly rateLimit: number;
  /** Milliseconds within which the same content is the same submission. */
  readonly repeatWindow: number;
  /** Name of the field that people don't see and must leave empty. */
  readonly honeypot: string;
  /** Milliseconds that a human needs at least to fill the form; only where the form says how long it was open. */
  readonly fastest: number;
  readonly captcha: CaptchaSettings | null;
  /** What the visitor agrees to (152-FZ), and the version of that text. */
  readonly consent: { readonly text: string; readonly version: string | null; readonly required: boolean } | null;
  readonly files: { readonly count: number; readonly size: number };
  /** Where a browser without a script is sent after its form was taken; null: a page of ours that says so. */
  readonly thanks: string | null;
  /** Id of the line whose pool of numbers the widget shows from; null: none. */
  readonly numbers: string | null;
  /** Whether who asks for a call is called at once; null: a task only. */
  readonly callBack: CallBackSettings | null;
}

const megabyte = 1024 * 1024;

/** What `callback: {}` of a form means. */
export const defaultCallBack: CallBackSettings = { countries: [], perNumber: 1, perAddress: 3, perForm: 30 };

/** What a line without a `form:` of its own gets. */
export const defaultFormSettings: FormSettings = {
  preset: 'auto',
  fields: { name: [], phone: [], email: [], comment: [], hide: [] },
  token: null,
  origins: [],
  rateLimit: 60,
  repeatWindow: 10 * 60_000,
  honeypot: '_pb_website',
  fastest: 1500,
  captcha: null,
  consent: null,
  files: { count: 5, size: 10 * megabyte },
  thanks: null,
  numbers: null,
  callBack: null,
};
