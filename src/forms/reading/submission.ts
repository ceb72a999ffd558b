import { hash } from 'node:crypto';
import { cleanText, normaliseEmail, parsePhone } from '../../domain/directory/identifiers.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import type { FieldRole, FormSettings } from '../../domain/written/form-settings.ts';
import { type Consent, consentOf, isConsent } from './consent.ts';
import type { FormField } from './fields.ts';
import { attributionOf, isMark } from './marks.ts';
import { usesOf } from './roles.ts';

/** One answer as it is read: what it means, what stands above it, what was filled in. */
export interface Answer {
  readonly role: FieldRole | 'other';
  readonly label: string;
  readonly value: string;
}

/** A form that was filled in, understood. */
export interface Submission {
  readonly answers: readonly Answer[];
  readonly name: string | null;
  /** As it was written; whether it is a number is in `reachable`. */
  readonly phone: string | null;
  readonly email: string | null;
  readonly consent: Consent | null;
  readonly attribution: Attribution | null;
  /** What makes a repeat the same: the sender's own key, the service's id, the content. */
  readonly key: string | null;
  readonly serviceId: string | null;
  readonly content: string;
  /** What the visitor wants beyond an answer. */
  readonly request: 'callback' | null;
  /** What the visitor reads; null where the form does not say. */
  readonly language: 'ru' | 'en' | null;
  /** Milliseconds that the visitor's browser could not reach us before. */
  readonly waited: number;
  /** A service tries whether we are there. */
  readonly test: boolean;
  /** Filled by a machine, as it seems: the hidden field has something in it, or it was sent too fast. */
  readonly spam: boolean;
  /** Whether there is any way to answer, or anything said. */
  readonly reachable: boolean;
  /** The captcha's proof, whatever service it is of. */
  readonly proof: string | null;
}

const languages = ['ru', 'en'] as const;
const serviceIds = new Set(['tranid', 'entry_id', 'entry.id', 'answer_id', 'submission_id']);
const keyNames = new Set(['_pb_key', 'idempotency_key', 'idempotency-key']);
const proofs = new Set(['smart-token', 'h-captcha-response', 'cf-turnstile-response']);

/** Understands the fields of a form. */
export function readSubmission(
  fields: readonly FormField[],
  settings: FormSettings,
  about: { readonly country: string; readonly referer: string | null; readonly now: number },
): Submission {
  const { country, now } = about;
  const said = fields.filter((field) => !isMark(field.name) && !isConsent(field));
  const uses = usesOf(said, settings, country);
  const answers = said.flatMap(({ label, value }, i): Answer[] => {
    const role = uses[i] ?? 'other';
    return role === 'hidden' ? [] : [{ role, label, value }];
  });
  const of = (role: FieldRole) => answers.filter((answer) => answer.role === role).map((answer) => answer.value.trim());
  const phones = of('phone');
  const isNumber = (text: string) => parsePhone(text, country).phone !== null;
  // Reading a number is dear, and the store reads it again: only where something hangs on it.
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
    name: cleanText(of('name').join(' '), 200) || null,
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
    test: value('test') === 'test' && answers.length === 0,
    spam: value(settings.honeypot.toLowerCase()) !== null || elapsed < settings.fastest,
    reachable,
    proof: fields.find((field) => proofs.has(field.name))?.value ?? null,
  };
}

function digest(answers: readonly Answer[]): string {
  const lines = answers.map(({ role, label, value }) => JSON.stringify([role, label, value.trim()])).sort();
  return hash('sha256', lines.join('\n'));
}
