/** Known form services, whose field names are predefined. */
export type FormPreset = 'auto' | 'tilda' | 'yandex' | 'cf7' | 'wpforms' | 'bitrix24' | 'bitrix';

/** The meaning of a form's field. */
export type FieldRole = 'name' | 'phone' | 'email' | 'comment';

/** The captcha service. */
export type CaptchaKind = 'smartcaptcha' | 'hcaptcha' | 'turnstile';

/** How a captcha is verified. */
export interface CaptchaSettings {
  readonly kind: CaptchaKind;
  readonly secret: string;
  /** The service's verification URL; its documented one by default. */
  readonly url: string | null;
}

/** Limits of immediate call-backs, per five minutes. */
export interface CallBackSettings {
  /** Countries whose ordinary numbers may be called; empty: the company's own. */
  readonly countries: readonly string[];
  readonly perNumber: number;
  readonly perAddress: number;
  readonly perForm: number;
}

/** Settings of one form (a line of the channel `form`); the defaults suit any form. */
export interface FormSettings {
  readonly preset: FormPreset;
  /** Field names whose meaning is not recognised automatically. Fields of `hide` are never shown. */
  readonly fields: Readonly<Record<FieldRole | 'hide', readonly string[]>>;
  /** The token that services must send; null: none is required. Browsers on the listed origins need none. */
  readonly token: string | null;
  /** Origins whose pages may submit; empty: any. */
  readonly origins: readonly string[];
  /** Submissions per address within five minutes; 0: no limit. */
  readonly rateLimit: number;
  /** Milliseconds within which the same content counts as the same submission. */
  readonly repeatWindow: number;
  /** Name of the hidden field that must stay empty. */
  readonly honeypot: string;
  /** Minimum milliseconds for filling in the form. Checked only if the form reports how long it was open. */
  readonly fastest: number;
  readonly captcha: CaptchaSettings | null;
  /** The consent (152-FZ) and the version of its text. */
  readonly consent: { readonly text: string; readonly version: string | null; readonly required: boolean } | null;
  readonly files: { readonly count: number; readonly size: number };
  /** The page shown to browsers without scripts after the submission; null: the built-in page. */
  readonly thanks: string | null;
  /** Id of the line whose number pool the widget uses; null: none. */
  readonly numbers: string | null;
  /** Settings of immediate call-backs; null: only a task is created. */
  readonly callBack: CallBackSettings | null;
}

const megabyte = 1024 * 1024;

/** Defaults of a form's `callback`. */
export const defaultCallBack: CallBackSettings = { countries: [], perNumber: 1, perAddress: 3, perForm: 30 };

/** Defaults of a line's `form`. */
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
