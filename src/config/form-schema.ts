import { Type } from 'typebox';
import { defaultCallBack, defaultFormSettings as usual } from '../domain/written/form-settings.ts';
import { strict } from './schema-parts.ts';

/** One megabyte in bytes. */
export const megabyte = 1024 * 1024;
/** Default of `consent.required`: whether a form without consent is rejected. */
export const consentRequired = false;

const names = (description: string) =>
  Type.Optional(
    Type.Union(
      [
        Type.String({ minLength: 1, maxLength: 200 }),
        Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 50 }),
      ],
      { description },
    ),
  );

/** A duration: `500ms`, `30s`, `15m`, `2h`. */
export const Duration = (description: string, fallback: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{1,6}(ms|s|m|h)$', default: fallback, description }));

/** Milliseconds as a duration in the largest unit without a remainder. */
function durationText(milliseconds: number): string {
  if (milliseconds % 60_000 === 0) return `${milliseconds / 60_000}m`;
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

const limit = (what: string, fallback: number) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: fallback,
      description: `Maximum number of ${what} in five minutes.`,
    }),
  );

/** `lines[].form`: settings of one form. All are optional. */
export const Form = Type.Object(
  {
    preset: Type.Optional(
      Type.Union(
        (['auto', 'tilda', 'yandex', 'cf7', 'wpforms', 'bitrix24', 'bitrix'] as const).map((one) => Type.Literal(one)),
        {
          default: usual.preset,
          description: 'The service or plug-in that sends the form. Patchbay knows the field names of each.',
        },
      ),
    ),
    fields: Type.Optional(
      Type.Object(
        {
          name: names("Names of the fields with the visitor's name."),
          phone: names('Names of the fields with the phone number.'),
          email: names('Names of the fields with the e-mail address.'),
          comment: names("Names of the fields with the visitor's message."),
          hide: names('Names of fields that are not shown to managers.'),
        },
        { ...strict, description: 'Names of fields, if they can’t be guessed.' },
      ),
    ),
    token: Type.Optional(
      Type.String({ minLength: 8, maxLength: 256, description: 'Secret that services must send (`?token=`).' }),
    ),
    origins: Type.Optional(
      Type.Array(Type.String({ pattern: '^https?://[^/\\s]+$' }), {
        maxItems: 100,
        description: 'Origins whose pages may submit the form, such as https://shop.example; any by default.',
      }),
    ),
    rateLimit: Type.Optional(
      Type.Integer({
        minimum: 0,
        default: usual.rateLimit,
        description: 'Maximum number of submissions per address in five minutes; 0 for no limit.',
      }),
    ),
    repeatWindow: Duration(
      'A submission with the same content within this time is treated as a repeat.',
      durationText(usual.repeatWindow),
    ),
    honeypot: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{1,64}$',
        default: usual.honeypot,
        description: 'A field hidden from people. If it is filled in, the submission is spam.',
      }),
    ),
    fastest: Duration(
      'A submission filled in faster than this is spam. Requires the widget, which measures it.',
      durationText(usual.fastest),
    ),
    captcha: Type.Optional(
      Type.Object(
        {
          kind: Type.Union((['smartcaptcha', 'hcaptcha', 'turnstile'] as const).map((one) => Type.Literal(one))),
          secret: Type.String({ minLength: 1, maxLength: 512 }),
          url: Type.Optional(
            Type.String({
              pattern: '^https?://',
              description: 'Verification URL; the service’s own by default.',
            }),
          ),
        },
        strict,
      ),
    ),
    consent: Type.Optional(
      Type.Object(
        {
          text: Type.String({
            minLength: 1,
            maxLength: 4000,
            description: 'The text that the visitor agrees to (152-FZ).',
          }),
          version: Type.Optional(Type.String({ maxLength: 64 })),
          required: Type.Optional(
            Type.Boolean({ default: consentRequired, description: 'Reject a submission without consent.' }),
          ),
        },
        strict,
      ),
    ),
    files: Type.Optional(
      Type.Object(
        {
          count: Type.Optional(Type.Integer({ minimum: 0, maximum: 20, default: usual.files.count })),
          megabytes: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 100, default: usual.files.size / megabyte, description: 'Per file.' }),
          ),
        },
        strict,
      ),
    ),
    thanks: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'URL to which a browser without JavaScript is redirected after the submission.',
      }),
    ),
    numbers: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'Id of the line from whose number pool the widget shows a number.',
      }),
    ),
    callback: Type.Optional(
      Type.Object(
        {
          countries: Type.Optional(
            Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), {
              maxItems: 250,
              description:
                'Countries whose numbers may be called, such as RU; by default that of the company. Premium-rate numbers are never called.',
            }),
          ),
          perNumber: limit('calls to one number', defaultCallBack.perNumber),
          perAddress: limit('calls requested from one address', defaultCallBack.perAddress),
          perForm: limit('calls of this form', defaultCallBack.perForm),
        },
        {
          ...strict,
          description:
            'Calls visitors immediately when they request it (needs click-to-call). Without it, a request only creates a task.',
        },
      ),
    ),
  },
  strict,
);
