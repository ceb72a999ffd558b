import type { Static } from 'typebox';
import { defaultCallBack, defaultFormSettings, type FormSettings } from '../domain/written/form-settings.ts';
import { consentRequired, type Form, megabyte } from './form-schema.ts';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Converts a valid duration such as `15m` to milliseconds. */
export function milliseconds(text: string): number {
  const unit = (/[a-z]+$/.exec(text)?.[0] ?? 'ms') as keyof typeof units;
  return Number.parseInt(text, 10) * units[unit];
}

/** Fills in the defaults of a form's settings. */
export function toFormSettings(file: Static<typeof Form>): FormSettings {
  const { captcha, consent, files, callback, fields = {} } = file;
  const base = defaultFormSettings;
  const list = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());
  return {
    preset: file.preset ?? base.preset,
    fields: {
      name: list(fields.name),
      phone: list(fields.phone),
      email: list(fields.email),
      comment: list(fields.comment),
      hide: list(fields.hide),
    },
    token: file.token ?? null,
    origins: file.origins ?? base.origins,
    rateLimit: file.rateLimit ?? base.rateLimit,
    repeatWindow: Math.max(1000, file.repeatWindow === undefined ? base.repeatWindow : milliseconds(file.repeatWindow)),
    honeypot: file.honeypot ?? base.honeypot,
    fastest: file.fastest === undefined ? base.fastest : milliseconds(file.fastest),
    captcha: captcha === undefined ? null : { kind: captcha.kind, secret: captcha.secret, url: captcha.url ?? null },
    consent:
      consent === undefined
        ? null
        : { text: consent.text, version: consent.version ?? null, required: consent.required ?? consentRequired },
    files: {
      count: files?.count ?? base.files.count,
      size: (files?.megabytes ?? base.files.size / megabyte) * megabyte,
    },
    thanks: file.thanks ?? null,
    numbers: file.numbers ?? null,
    callBack: callback === undefined ? null : { ...defaultCallBack, ...callback },
  };
}
