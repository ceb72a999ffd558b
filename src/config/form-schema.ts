import { Type } from 'typebox';
import { defaultCallBack, defaultFormSettings as usual } from '../domain/written/form-settings.ts';
import { strict } from './schema-parts.ts';

/** Bytes. */
export const megabyte = 1024 * 1024;
/** Whether a form is refused that comes without its consent. */
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

/** A time as people write it: `500ms`, `30s`, `15m`, `2h`. */
export const Duration = (description: string, fallback: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{1,6}(ms|s|m|h)$', default: fallback, description }));

/** Milliseconds as people write them, in the largest unit that has no rest. */
function durationText(milliseconds: number): string {
  if (milliseconds % 60_000 === 0) return `${milliseconds / 60_000}m`;
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

const limit = (what: string, fallback: number) =>
  Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: fallback, description: `${what} in five minutes.` }),
  );

/** `lines[].form`: how one form is taken; all of it may be left out. */
export const Form = Type.Object(
  {
    preset: Type.Optional(
      Type.Union(
        (['auto', 'tilda', 'yandex', 'cf7', 'wpforms', 'bitrix24', 'bitrix'] as const).map((one) => Type.Literal(one)),
        { default: usual.preset, description: 'What sends it: what its fields are called is known then.' },
      ),
    ),
    fields: Type.Optional(
      Type.Object(
        {
          name: names('Names of the fields that hold the name.'),
          phone: names('… the telephone.'),
          email: names('… the e-mail address.'),
          comment: names('… what the visitor writes.'),
          hide: names('Fields that nobody should read.'),
        },
        { ...strict, description: 'Where names can’t be guessed.' },
      ),
    ),
    token: Type.Optional(
      Type.String({ minLength: 8, maxLength: 256, description: 'Secret that services must bring (`?token=`).' }),
    ),
    origins: Type.Optional(
      Type.Array(Type.String({ pattern: '^https?://[^/\\s]+$' }), {
        maxItems: 100,
        description: 'Whose pages may submit, like https://shop.example; any by default.',
      }),
    ),
    rateLimit: Type.Optional(
      Type.Integer({
        minimum: 0,
        default: usual.rateLimit,
        description: 'Submissions per address in five minutes; 0: no limit.',
      }),
    ),
    repeatWindow: Duration(
      'The same content within this time is the same submission.',
      durationText(usual.repeatWindow),
    ),
    honeypot: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{1,64}$',
        default: usual.honeypot,
        description: 'A field that people don’t see; filled in, the form is spam.',
      }),
    ),
    fastest: Duration(
      'Filled in faster than this, the form is spam (where the widget tells).',
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
              description: 'Where proofs are verified, if not at the service’s own.',
            }),
          ),
        },
        strict,
      ),
    ),
    consent: Type.Optional(
      Type.Object(
        {
          text: Type.String({ minLength: 1, maxLength: 4000, description: 'What the visitor agrees to (152-FZ).' }),
          version: Type.Optional(Type.String({ maxLength: 64 })),
          required: Type.Optional(Type.Boolean({ default: consentRequired, description: 'Refuse a form without it.' })),
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
      Type.String({ pattern: '^https?://', description: 'Where a browser without the script goes afterwards.' }),
    ),
    numbers: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'Id of the line whose pool of numbers the widget shows from.',
      }),
    ),
    callback: Type.Optional(
      Type.Object(
        {
          countries: Type.Optional(
            Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), {
              maxItems: 250,
              description:
                'Countries whose numbers are called, like RU; the company’s own by default. Never services that cost more.',
            }),
          ),
          perNumber: limit('Calls to one number', defaultCallBack.perNumber),
          perAddress: limit('Calls asked for from one address', defaultCallBack.perAddress),
          perForm: limit('Calls of this form', defaultCallBack.perForm),
        },
        {
          ...strict,
          description: 'Calls whoever asks for it at once (click-to-call); without it a task is all that comes of it.',
        },
      ),
    ),
  },
  strict,
);
