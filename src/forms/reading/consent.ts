import { cleanText } from '../../domain/directory/identifiers.ts';
import type { FormSettings } from '../../domain/written/form-settings.ts';
import type { FormField } from './fields.ts';

/** A visitor's consent to the processing of personal data (152-FZ): the text, its version, and when. */
export interface Consent {
  readonly text: string | null;
  readonly version: string | null;
  /** When it was received, in milliseconds since the epoch. */
  readonly at: number;
}

const names =
  /^(_pb_consent(_text|_version)?|consent|agree(ment)?|accept(ance)?(-\d+)?|personal_?data|privacy(_policy)?|policy|soglasie)$/;
const labels = /персональн\p{L}{0,8} данн|политик\p{L}{0,8} (конфиденц|обработ)|personal data|privacy policy/iu;
const refused = /^(0|false|no|off|нет|n)$/iu;
const maxTextLength = 4000;

/** Whether a field is the consent checkbox, or belongs to it. */
export function isConsent({ name, label }: FormField): boolean {
  return names.test(name.split('.').at(-1) ?? name) || labels.test(label);
}

/**
 * The visitor's consent, or null. Its text is the one that the page showed, if the form sends it, else the configured one, else
 * the label of the checkbox.
 */
export function consentOf(
  fields: readonly FormField[],
  configured: FormSettings['consent'],
  now: number,
): Consent | null {
  const value = (name: string) => fields.find((field) => field.name === name)?.value ?? null;
  const box = fields.find((field) => isConsent(field) && !/^_pb_consent_(text|version)$/.test(field.name));
  if (box === undefined || refused.test(box.value.trim())) return null;
  const shown = value('_pb_consent_text') ?? configured?.text ?? (labels.test(box.label) ? box.label : null);
  return {
    text: shown === null ? null : cleanText(shown, maxTextLength),
    version: cleanText(value('_pb_consent_version') ?? configured?.version ?? '', 64) || null,
    at: now,
  };
}
