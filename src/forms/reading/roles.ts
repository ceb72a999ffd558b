import { normaliseEmail } from '../../domain/directory/email-address.ts';
import { parsePhone } from '../../domain/directory/identifiers.ts';
import type { FieldRole, FormPreset, FormSettings } from '../../domain/written/form-settings.ts';
import type { FormField } from './fields.ts';

/** The role of a field, or `hidden` for fields that people do not fill in: ids, tokens and marks of the site builder. */
export type FieldUse = FieldRole | 'hidden' | 'other';

/** Patterns of names and labels in Russian and English. The first matching role wins. */
const guesses: readonly (readonly [FieldRole, RegExp])[] = [
  ['email', /e-?mail|почт|^mail$|(^|[._-])mail$/iu],
  [
    'phone',
    /phone|^tel$|(^|[._\s-])tel(?![a-z])|mobile|t[eé]l[eé]fon|^handy|^gsm$|cep (tel|no)|телефон|ұялы|моб(\.|ильн)|whatsapp|ватсап|вотсап|^номер$/iu,
  ],
  [
    'comment',
    /comment|message|question|^text(area)?$|^(msg|note|body|details)$|komment|soobsch|vopros|nachricht|mensaje|wiadomość|mesaj|коммент|сообщ|вопрос|пожелан|примечан|комент|повідомл|питання|хабарлама/iu,
  ],
  [
    'name',
    /^(full|first|last|second|your|user|client|contact|customer|lead)?[._\s-]*name$|^surname$|(^|[._])(name|fio|imya|im[ai]a)$|имя|фамили|отчеств|фио|ф\.\s?и\.\s?о|ім['’ʼ`]?я|прізвищ|по батькові|есім|аты-жөні|vorname|nachname|pr[eé]nom|apellido|imi[eę]\b|imię|nazwisk|adınız|soyad|^(?:nom|nombre|ad)\s?[*:]?$|как к вам|как (к )?вас|как вас зовут|контактное лицо/iu,
  ],
];

/** Kinds of fields, as services name them. */
const types: readonly (readonly [FieldRole, RegExp])[] = [
  ['phone', /^(?:tel|phone|phone_?number|mobile)$/],
  ['email', /^e-?mail$/],
  ['comment', /^(?:text_?area|long_?text|multi_?line|paragraph)$/],
  ['name', /^(?:full_?)?name$/],
];

/** Fields for names that are not the name of a person. */
const notPeople =
  /(form|file|page|product|site|utm|company|org|block|project|event|widget|city|manager|operator|tovar|компан|организ|товар|проект)[\w\s.-]*(name)?$/iu;

/**
 * By service: fields that are not answers, and names of answers that can't be guessed.
 * Tilda: help-ru.tilda.cc/forms/webhook. Yandex: yandex.ru/support/forms/ru/send-request; its body is written by the
 * administrator. Add-ons of WordPress and of both Bitrix products choose their own names: those listed are of the standard
 * forms. The `fields` setting overrides all of them.
 */
const presets: Readonly<Record<FormPreset, { hidden: RegExp; roles: readonly (readonly [FieldRole, RegExp])[] }>> = {
  auto: { hidden: /(?!)/, roles: [] },
  tilda: {
    hidden: /^(tranid|formid|formname|cookies|formservices.*|form-spec-comments|tildaspec-.*|referer|test)$/,
    roles: [['comment', /^(textarea|comments|input)$/]],
  },
  yandex: {
    hidden: /^(jsonrpc|method|id|answer_?id|form_?id|form_?name|created|uid|(.*\.)?(slug|answer_type|question\.id))$/,
    roles: [
      ['email', /answer_non_profile_email|answer_email/],
      ['phone', /answer_phone/],
      ['comment', /answer_long_text/],
    ],
  },
  cf7: {
    hidden: /^(_wpcf7.*|_wpnonce|_wp_http_referer|g-recaptcha-response|_cf7.*)$/,
    roles: [
      ['name', /^your-name$/],
      ['phone', /^(your-)?(tel|phone)(-\d+)?$/],
      ['email', /^(your-)?email(-\d+)?$/],
      ['comment', /^your-message$|^textarea-\d+$/],
    ],
  },
  wpforms: {
    hidden: /^(wpforms\.(id|author|post_id|nonce|token|submit)|form_id|entry_id|entry\.id|.*\.id|.*_raw)$/,
    roles: [
      ['name', /\.name$/],
      ['phone', /\.phone$/],
      ['email', /\.email$/],
      ['comment', /\.textarea$/],
    ],
  },
  bitrix24: {
    hidden:
      /^(auth\..*|event|ts|document_id\..*|event_handler_id|(fields\.)?(source_id|assigned_by_id|status_id|opened)|.*\.value_type|.*\.type_id)$/,
    roles: [
      ['phone', /(^|\.)(lead_)?phone(_(work|mobile|home))?(\.|$)/],
      ['email', /(^|\.)(lead_)?email(_(work|home))?(\.|$)/],
      ['comment', /(^|\.)(lead_)?comments$/],
      ['name', /(^|\.)(lead_)?(name|last_name|second_name)$/],
    ],
  },
  bitrix: {
    hidden:
      /^(sessid|web_form_id|web_form_submit|web_form_apply|formresult|bxajaxid|ajax_call|captcha_(sid|word)|submit|form_id|clear_cache)$/,
    roles: [
      ['email', /^form_email_\d+$/],
      ['comment', /^form_textarea_\d+$/],
    ],
  },
};

/** Hidden in all forms: fields added by site builders, captchas and advertising systems. */
const neverAnswers =
  /^(__(fluent_|submission\.|viewstate|event|requestverification).*|_wp.*|user_?agent|remote_ip|(user_|client_)?ip(_address)?|post_id|queried_id|referer_title|form_title|entry_time|date_(created|updated)|is_(read|starred)|submission_?id|_pb_.*|idempotency[-_]?key|token|secret|csrf.*|_token|sessid|tranid|formid|form_id|formname|form_name|test|smart-token|h-captcha-response|g-recaptcha-response|cf-turnstile-response|cookies)$/;

/** Names whose `name` is that of a thing. */
const things: ReadonlySet<string> = new Set(
  'form,quiz,page,product,company,project,site,shop,campaign,item,utm,event,scheduled_event,widget,city,manager,operator,agent,file'.split(
    ',',
  ),
);

/** Determines the role of each field: by the settings, else by the preset, else by its name, label and value. */
export function usesOf(fields: readonly FormField[], settings: FormSettings, country: string): readonly FieldUse[] {
  const uses = fields.map((field) => cachedUse(field, settings));
  // Without a field named as phone or e-mail, take the first value that looks like one.
  for (const role of ['phone', 'email'] as const) {
    if (uses.includes(role)) continue;
    const at = fields.findIndex(
      ({ value, plain }, i) => !plain && uses[i] === 'other' && looksLike(role, value, country),
    );
    if (at >= 0) uses[at] = role;
  }
  // Beside a name, `username` is a login.
  const isLogin = (i: number) => uses[i] === 'name' && fields[i]?.name.split('.').at(-1) === 'username';
  if (uses.some((use, i) => use === 'name' && !isLogin(i)))
    for (const i of uses.keys()) if (isLogin(i)) uses[i] = 'other';
  return uses.map((use, i) => byValue(use, fields[i], country));
}

/** One field may ask for either, such as «Телефон или e-mail»: then the value decides. */
function byValue(use: FieldUse, field: FormField | undefined, country: string): FieldUse {
  const value = field?.value ?? '';
  if (use === 'email' && !value.includes('@') && looksLike('phone', value, country)) return 'phone';
  return use === 'phone' && value.includes('@') && looksLike('email', value, country) ? 'email' : use;
}

/** Roles are cached, because a site's forms use the same few names, and each is matched with a dozen patterns. */
const maxCached = 1000;
const caches = new WeakMap<FormSettings, Map<string, FieldUse>>();

function cachedUse(field: FormField, settings: FormSettings): FieldUse {
  const cache = caches.get(settings) ?? new Map<string, FieldUse>();
  caches.set(settings, cache);
  const key = `${field.name}\n${field.label}\n${field.type ?? ''}${field.plain ? ' plain' : ''}`;
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  if (cache.size >= maxCached) cache.clear();
  const use = useOf(field, settings);
  cache.set(key, use);
  return use;
}

function useOf(field: FormField, settings: FormSettings): FieldUse {
  const { fields, preset } = settings;
  const is = (own: string) => own.toLowerCase() === field.name || own.toLowerCase() === field.label.toLowerCase();
  for (const role of ['name', 'phone', 'email', 'comment', 'hide'] as const) {
    if (fields[role].some(is)) return role === 'hide' ? 'hidden' : role;
  }
  if (
    field.name === settings.honeypot.toLowerCase() ||
    neverAnswers.test(field.name) ||
    presets[preset].hidden.test(field.name)
  )
    return 'hidden';
  if (field.plain) return 'other';
  const known = presets[preset].roles.find(([, pattern]) => pattern.test(field.name));
  if (known !== undefined) return known[0];
  return guessed(field);
}

/** Guesses the role by the label for people first, then by the technical name, then by the kind of field. */
function guessed({ name, label, type }: FormField): FieldUse {
  const path = name.split('.').filter((step) => !/^(\d+|value)$/.test(step));
  if (type !== null && path.at(-1) === type.toLowerCase() && path.length > 1) path.pop();
  const last = path.at(-1) ?? name;
  const isThing = things.has(path.at(-2) ?? '') || notPeople.test(last);
  if (path.at(-2) === 'name' && /^(?:first|middle|last|full|formatted)$/.test(last)) return 'name';
  // Add-ons of WordPress number their fields: `name-1`, `phone_2`.
  for (const text of new Set([label, last, last.replace(/[-_]?\d{1,4}$/, '')])) {
    const role = guesses.find(([one, pattern]) => !(one === 'name' && isThing) && pattern.test(text))?.[0];
    if (role !== undefined) return role;
  }
  return types.find(([, pattern]) => type !== null && pattern.test(type.toLowerCase()))?.[0] ?? 'other';
}

function looksLike(role: 'phone' | 'email', value: string, country: string): boolean {
  return role === 'email' ? normaliseEmail(value) !== null : parsePhone(value, country).phone !== null;
}
