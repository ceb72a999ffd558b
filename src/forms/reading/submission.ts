import { hash } from 'node:crypto';
import { normaliseEmail } from '../../domain/directory/email-address.ts';
import { cleanText, parsePhone } from '../../domain/directory/identifiers.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { FieldRole, FormSettings } from '../../domain/written/form-settings.ts';
import { type Consent, consentOf, isConsent } from './consent.ts';
import type { FormField } from './fields.ts';
import { attributionOf, isMark } from './marks.ts';
import { usesOf } from './roles.ts';

/** An answer of a form with its role. */
export interface Answer {
  readonly role: FieldRole | 'other';
  readonly label: string;
  readonly value: string;
}

/** An interpreted form submission. */
export interface Submission {
  readonly answers: readonly Answer[];
  readonly name: string | null;
  /** As written by the visitor, not necessarily a valid number; see `reachable`. */
  readonly phone: string | null;
  readonly email: string | null;
  readonly consent: Consent | null;
  readonly attribution: Attribution | null;
  /** These three identify a repeat: the sender's idempotency key, the service's id, and a hash of the content. */
  readonly key: string | null;
  readonly serviceId: string | null;
  readonly content: string;
  /** A special request of the visitor. */
  readonly request: 'callback' | null;
  /** The visitor's language; null if the form does not contain it. */
  readonly language: 'ru' | 'en' | null;
  /** Milliseconds for which the browser held the form because it could not reach us. */
  readonly waited: number;
  /** Whether this is a connection test of a service. */
  readonly test: boolean;
  /** Probably filled in by a machine: the honeypot is not empty, or it was sent too fast. */
  readonly spam: boolean;
  /** Whether there is any way to answer, or any message. */
  readonly reachable: boolean;
  /** The proof of the captcha, of any service. */
  readonly proof: string | null;
}

/** By which services tell that they only try the address; only in a submission without answers. */
function isTrial({ name, value }: FormField): boolean {
  if (/^(?:is_?)?(?:test|ping)$/.test(name)) return /^(?:test|ping|true|yes|1)$/i.test(value.trim());
  return /^(?:event|event_type|type|action)$/.test(name) && /^(?:test|ping|webhook[._]test)$/i.test(value.trim());
}

/** Fields of which a name is made. */
const maxNameParts = 20;

const languages = ['ru', 'en'] as const;
const serviceIds = new Set(['tranid', 'entry_id', 'entry.id', 'answer_id', 'submission_id']);
const keyNames = new Set(['_pb_key', 'idempotency_key', 'idempotency-key']);
const proofs = new Set(['smart-token', 'h-captcha-response', 'cf-turnstile-response']);

/** Interprets the fields of a form. */
export function readSubmission(
  fields: readonly FormField[],
  settings: FormSettings,
  about: { readonly country: string; readonly referer: string | null; readonly now: number },
): Submission {
  const { country, now } = about;
  const filledIn = fields.filter((field) => !isMark(field) && !isConsent(field));
  const uses = usesOf(filledIn, settings, country);
  const answers = filledIn.flatMap(({ label, value }, i): Answer[] => {
    const role = uses[i] ?? 'other';
    return role === 'hidden' ? [] : [{ role, label, value }];
  });
  const of = (role: FieldRole) => answers.filter((answer) => answer.role === role).map((answer) => answer.value.trim());
  const phones = of('phone');
  const isNumber = (text: string) => parsePhone(text, country).phone !== null;
  // Parsing numbers is expensive, and the store parses them again, so it is done only if the result matters here.
  const phone = (phones.length > 1 ? phones.find(isNumber) : null) ?? phones[0] ?? null;
  const email = of('email').find((one) => normaliseEmail(one) !== null) ?? null;
  const value = (name: string) => fields.find((field) => field.name === name)?.value ?? null;
  const elapsed = Number(value('_pb_elapsed') ?? Number.NaN);
  const reachable =
    email !== null ||
    answers.some(({ role }) => role === 'comment' || role === 'other') ||
    (phone !== null && isNumber(phone));
  return {
    answers,
    name: cleanText(nameOf(of('name')), 200) || null,
    phone,
    email,
    consent: consentOf(fields, settings.consent, now),
    attribution: attributionOf(fields, about.referer),
    key: fields.find((field) => keyNames.has(field.name))?.value ?? null,
    serviceId: fields.find((field) => serviceIds.has(field.name))?.value ?? null,
    content: digest(answers),
    request: value('_pb_request') === 'callback' ? 'callback' : null,
    language: languages.find((one) => one === value('_pb_lang')) ?? null,
    waited: Number(value('_pb_waited') ?? 0) || 0,
    test: fields.some(isTrial) && filledIn.every((field, i) => uses[i] === 'hidden' || isTrial(field)),
    spam: value(settings.honeypot.toLowerCase()) !== null || elapsed < settings.fastest,
    reachable,
    proof: fields.find((field) => proofs.has(field.name))?.value ?? null,
  };
}

/** The parts of a name as one. Services repeat it in several fields, whole and in parts. */
function nameOf(parts: readonly string[]): string {
  const wordsOf = (text: string) => text.toLowerCase().split(/\s+/);
  const isWithin = (text: string, whole: string) => wordsOf(text).every((word) => wordsOf(whole).includes(word));
  return parts
    .slice(0, maxNameParts)
    .filter(
      (part, i, all) =>
        !all.some((other, at) => at !== i && isWithin(part, other) && (at < i || !isWithin(other, part))),
    )
    .join(' ');
}

function digest(answers: readonly Answer[]): string {
  const lines = answers.map(({ role, label, value }) => JSON.stringify([role, label, value.trim()])).sort();
  return hash('sha256', lines.join('\n'));
}
